/* pgmigrate-encoding: utf-8 */
create or replace function api.conversa_compositor_obter(p_cliente_id uuid, p_sessao text, p_id uuid, p_agora timestamptz default now()) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    c_agendadas constant integer := 5;
    v_conversa public.conversas;
    v_eu uuid;
    v_janela text;
    v_motivo text;
    r_em_volta record;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:ler');
    v_eu := interno.usuario_corrente();
    v_conversa := interno.conversa_visivel(p_cliente_id, interno.conversa_atual(p_cliente_id, p_id));
    select c.nome, c.bloqueado, c.removido_em is not null as removido, x.provedor, x.removido_em is not null or x.status = 'DESATIVADA' as parada,
        u.nome as dono, cardinality(interno.marketing_recusas_ler(p_cliente_id, array[c.id])) > 0 as recusou
    into r_em_volta
    from public.contatos as c
    join public.conexoes as x on x.cliente_id = p_cliente_id and x.id = v_conversa.conexao_id
    left join public.usuarios as u on u.cliente_id = p_cliente_id and u.id = v_conversa.usuario_id
    where c.cliente_id = p_cliente_id and c.id = v_conversa.contato_id;
    v_janela := case
        when r_em_volta.provedor <> 'META_API' then 'SEM'
        when coalesce(v_conversa.janela_expira_em, '-infinity') - interval '60 seconds' <= p_agora then 'FECHADA'
        when v_conversa.janela_expira_em <= p_agora + interval '1 hour' then 'CURTA'
        else 'ABERTA' end;
    v_motivo := case
        when not interno.usuario_pode(p_cliente_id, v_eu, 'conversas:responder') then 'SEM_PERMISSAO'
        when v_conversa.status = 'RESOLVIDA' then 'RESOLVIDA'
        when r_em_volta.removido then 'REMOVIDO'
        when r_em_volta.bloqueado then 'BLOQUEADO'
        when r_em_volta.parada then 'NUMERO_PARADO'
        when v_janela = 'FECHADA' then 'JANELA_FECHADA' end;
    return jsonb_build_object(
        'conversaId', v_conversa.id, 'contatoNome', r_em_volta.nome, 'conexaoId', v_conversa.conexao_id,
        'voz', case when v_conversa.usuario_id is null then 'NINGUEM' when v_conversa.usuario_id = v_eu then 'MINHA' else 'OUTRA' end,
        'dono', case when v_conversa.usuario_id is not null then jsonb_build_object('id', v_conversa.usuario_id, 'nome', r_em_volta.dono) end,
        'podeAssumir', v_conversa.usuario_id is distinct from v_eu
            and (v_conversa.usuario_id is null or interno.usuario_pode(p_cliente_id, v_eu, 'conversas:atribuir')),
        'impedimento', v_motivo, 'modelos', r_em_volta.provedor = 'META_API', 'janela', v_janela, 'janelaExpiraEm', v_conversa.janela_expira_em,
        'recusaMarketing', r_em_volta.recusou, 'naoLidas', v_conversa.nao_lidas, 'mencoes', (
            select count(*) from public.mencoes as n
            where n.cliente_id = p_cliente_id and n.usuario_id = v_eu and n.conversa_id = v_conversa.id and n.lida_em is null
        ),
        'rascunho', (
            select interno.rascunho_json(d) from public.rascunhos as d
            where d.cliente_id = p_cliente_id and d.usuario_id = v_eu and d.conversa_id = v_conversa.id
        ),
        'agendadas', (
            select coalesce(jsonb_agg(interno.agendada_json(g.agendada) order by g.em, g.id), '[]')
            from (
                select a as agendada, a.enviar_em as em, a.id from public.mensagens_agendadas as a
                where a.cliente_id = p_cliente_id and a.contato_id = v_conversa.contato_id and a.conexao_id = v_conversa.conexao_id and a.status = 'AGENDADA'
                order by a.enviar_em, a.id
                limit c_agendadas
            ) as g
        )
    );
end
$$;
comment on function api.conversa_compositor_obter(uuid, text, uuid, timestamptz) is
'O que quem pede pode escrever numa conversa agora: de quem ela é e se pode assumi-la, o que impede de escrever (nulo = nada), a janela de 24 horas (SEM = este canal não a tem; CURTA = menos de uma hora), o rascunho dele e as próximas agendadas. Só mostra: quem recusa é mensagem_enviar.
Erros: ZNV01 conversa não encontrada.
Efeitos: nenhum.
Desde: 0.3.0';
