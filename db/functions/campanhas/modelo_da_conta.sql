/* pgmigrate-encoding: utf-8 */
create or replace function interno.modelo_da_conta(p_cliente_id uuid, p_da uuid, p_para uuid) returns boolean
language sql stable security invoker set search_path = ''
as $$
    select exists (
        select from public.conexoes as da
        join public.conexoes as para on para.cliente_id = p_cliente_id and para.id = p_para and para.removido_em is null
        where da.cliente_id = p_cliente_id and da.id = p_da
            and (da.id = para.id or da.conta_id_externa = para.conta_id_externa)
    );
$$;
comment on function interno.modelo_da_conta(uuid, uuid, uuid) is
'Se o número p_para pode enviar os modelos do número p_da: é o mesmo, ou da mesma conta (WABA).
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
