/* pgmigrate-encoding: utf-8 */
create or replace function worker.reconciliacao_conferir(p_cliente_id uuid, p_conexao_id uuid, p_tentativa_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_trabalho(p_cliente_id);
    return to_jsonb(exists (
        select from public.tentativas as t
        left join public.mensagens as m on m.cliente_id = p_cliente_id and m.id = t.mensagem_id
        left join public.campanhas_log as l on l.cliente_id = p_cliente_id and l.id = t.campanha_log_id
        where t.cliente_id = p_cliente_id and t.id = p_tentativa_id and t.conexao_id = p_conexao_id
            and t.iniciada_em > now() - interval '1 day'
            and coalesce(m.status, l.status) = 'INCERTO' and coalesce(m.tentativa_id, l.tentativa_id) = t.id
    ));
end
$$;
comment on function worker.reconciliacao_conferir(uuid, uuid, uuid) is
'Se ainda não se sabe, e ainda vale procurar, o que houve com esta tentativa.
Erros: 42501 sem cliente.
Efeitos: nenhum.
Desde: 0.2.0';
