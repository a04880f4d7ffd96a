/* pgmigrate-encoding: utf-8 */
create or replace function interno.feriado_faixas_definir(p_cliente_id uuid, p_feriado_id uuid, p_faixas jsonb) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    delete from public.feriados_faixas as f where f.cliente_id = p_cliente_id and f.feriado_id = p_feriado_id;
    insert into public.feriados_faixas (cliente_id, feriado_id, inicio, fim)
    select p_cliente_id, p_feriado_id, x.inicio, x.fim
    from (select distinct f.inicio, f.fim from interno.faixas_ler(p_faixas, false) as f) as x;
end
$$;
comment on function interno.feriado_faixas_definir(uuid, uuid, jsonb) is
'Faz desta lista as faixas em que se abre no feriado; vazia = fechado.
Erros: ZRA03 faixa malformada; ZRA01 fim antes do início; ZCA02 faixas sobrepostas (as duas pelas restrições).
Efeitos: feriados_faixas.
Desde: 0.3.0';
