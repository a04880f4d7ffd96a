/* pgmigrate-encoding: utf-8 */
create or replace function interno.calendario_faixas_definir(p_cliente_id uuid, p_calendario_id uuid, p_faixas jsonb) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    delete from public.calendarios_faixas as f where f.cliente_id = p_cliente_id and f.calendario_id = p_calendario_id;
    insert into public.calendarios_faixas (cliente_id, calendario_id, dia, inicio, fim)
    select p_cliente_id, p_calendario_id, x.dia, x.inicio, x.fim
    from (select distinct f.dia, f.inicio, f.fim from interno.faixas_ler(p_faixas, true) as f) as x;
end
$$;
comment on function interno.calendario_faixas_definir(uuid, uuid, jsonb) is
'Faz desta lista as faixas da semana do calendário.
Erros: ZRA03 faixa malformada; ZRA01 fim antes do início; ZCA02 faixas sobrepostas (as duas pelas restrições).
Efeitos: calendarios_faixas.
Desde: 0.3.0';
