/* pgmigrate-encoding: utf-8 */
create or replace function interno.expediente_aberto(p_cliente_id uuid, p_calendario_id uuid, p_em timestamptz) returns boolean
language plpgsql stable security invoker set search_path = ''
as $$
begin
    return p_calendario_id is null or exists (
        select from interno.expediente_intervalos(p_cliente_id, p_calendario_id, p_em, p_em + interval '1 microsecond')
    );
end
$$;
comment on function interno.expediente_aberto(uuid, uuid, timestamptz) is
'Se um calendário está aberto neste instante; nenhum calendário = sempre aberto.
Erros: ZNA01 calendário não encontrado.
Efeitos: nenhum.
Desde: 0.3.0';
