/* pgmigrate-encoding: utf-8 */
create or replace function interno.fator_reservas_gravar(p_cliente_id uuid, p_fator_id uuid, p_reservas bytea[]) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    if cardinality(p_reservas) is distinct from 10 then
        raise exception using errcode = '22023', message = 'são dez códigos de reserva', column = 'reservas';
    end if;
    delete from public.fatores_reservas as r where r.cliente_id = p_cliente_id and r.fator_id = p_fator_id;
    insert into public.fatores_reservas (cliente_id, fator_id, codigo_hash)
    select p_cliente_id, p_fator_id, x.codigo_hash from unnest(p_reservas) as x (codigo_hash);
end
$$;
comment on function interno.fator_reservas_gravar(uuid, uuid, bytea[]) is
'Dez códigos de reserva novos no lugar dos que havia.
Erros: 22023 não são dez; 23505 dois iguais.
Efeitos: fatores_reservas.
Desde: 0.3.0';
