/* pgmigrate-encoding: utf-8 */
create or replace function api.conversa_propria_obter(p_cliente_id uuid, p_sessao text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    c_numeros constant integer := 20;
    v_conversa public.conversas;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:ler');
    v_conversa := interno.conversa_visivel(p_cliente_id, interno.conversa_atual(p_cliente_id, p_id));
    return jsonb_build_object(
        'conversaId', v_conversa.id,
        'rascunho', (
            select interno.rascunho_json(r) from public.rascunhos as r
            where r.cliente_id = p_cliente_id and r.usuario_id = interno.usuario_corrente() and r.conversa_id = v_conversa.id
        ),
        'mencoes', (
            select count(*) from public.mencoes as n
            where n.cliente_id = p_cliente_id and n.usuario_id = interno.usuario_corrente() and n.conversa_id = v_conversa.id and n.lida_em is null
        ),
        'silenciada', exists (
            select from public.silenciadas as z
            where z.cliente_id = p_cliente_id and z.usuario_id = interno.usuario_corrente() and z.conversa_id = v_conversa.id
        ),
        'anteriores', (
            select count(*) from (
                select from public.conversas as a
                where a.cliente_id = p_cliente_id and a.contato_id = v_conversa.contato_id and a.criado_em < v_conversa.criado_em
                    and interno.visivel(p_cliente_id, a.usuario_id, a.equipe_id)
                limit 1000
            ) as b
        ),
        'outrosNumeros', (
            select coalesce(jsonb_agg(jsonb_build_object('conexaoId', o.conexao_id, 'nome', x.nome, 'conversaId', o.id) order by x.nome, o.id), '[]')
            from (
                select distinct on (a.conexao_id) a.conexao_id, a.id
                from public.conversas as a
                where a.cliente_id = p_cliente_id and a.contato_id = v_conversa.contato_id and a.conexao_id <> v_conversa.conexao_id
                    and a.fundida_em_id is null and interno.visivel(p_cliente_id, a.usuario_id, a.equipe_id)
                order by a.conexao_id, a.ultima_mensagem_em desc, a.id desc
                limit c_numeros
            ) as o
            join public.conexoes as x on x.cliente_id = p_cliente_id and x.id = o.conexao_id
        )
    );
end
$$;
comment on function api.conversa_propria_obter(uuid, text, uuid) is
'O que uma conversa tem de quem pede, e só dele: o rascunho, as menções por ler, se a silenciou, quantas conversas anteriores da pessoa ele vê (até 1000) e, de cada outro número por que a pessoa falou, a conversa mais recente que ele vê (até 20 números).
Erros: ZNV01 conversa não encontrada.
Efeitos: nenhum.
Desde: 0.3.0';
