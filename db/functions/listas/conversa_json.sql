/* pgmigrate-encoding: utf-8 */
create or replace function interno.conversa_json(p_conversa public.conversas) returns jsonb
language plpgsql stable security invoker set search_path = ''
as $$
begin
    return (interno.conversas_json(p_conversa.cliente_id, array[p_conversa.id]) -> 0) || (
        select jsonb_build_object(
            'ultimaEntradaEm', p_conversa.ultima_entrada_em, 'respondidaAte', p_conversa.respondida_ate,
            'atribuidaEm', p_conversa.atribuida_em, 'resolvidaEm', p_conversa.resolvida_em, 'motivoId', p_conversa.motivo_id,
            'pessoa', interno.contato_json(c),
            'identidades', (
                select coalesce(jsonb_agg(jsonb_build_object('tipo', i.tipo, 'valor', i.valor) order by i.tipo, i.valor), '[]')
                from (
                    select t.tipo, t.valor from public.contatos_identidades as t
                    where t.cliente_id = p_conversa.cliente_id and t.contato_id = c.id order by t.tipo, t.valor limit 50
                ) as i
            ),
            'topicos', interno.eventos_topicos('conversas', p_conversa.usuario_id, p_conversa.equipe_id),
            'agendadas', (
                select count(*) from (
                    select from public.mensagens_agendadas as a
                    where a.cliente_id = p_conversa.cliente_id and a.contato_id = p_conversa.contato_id
                        and a.conexao_id = p_conversa.conexao_id and a.status = 'AGENDADA'
                    limit 1000
                ) as b
            )
        )
        from public.contatos as c where c.cliente_id = p_conversa.cliente_id and c.id = p_conversa.contato_id
    );
end
$$;
comment on function interno.conversa_json(public.conversas) is
'A conversa inteira, como o painel a mostra, a mesma para quem quer que a veja: o que a lista traz, a pessoa com etiquetas e consentimento, como os provedores a chamam, quantos agendamentos há e quem a vê (topicos, como em interno.sessao_topicos).
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
