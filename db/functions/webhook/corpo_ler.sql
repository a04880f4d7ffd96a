/* pgmigrate-encoding: utf-8 */
create or replace function interno.corpo_ler(p_corpo bytea) returns jsonb
language plpgsql immutable security invoker set search_path = ''
as $$
begin
    return interno.corpo_texto(p_corpo)::jsonb;
end
$$;
comment on function interno.corpo_ler(bytea) is
'O corpo guardado de um webhook como jsonb.
Erros: 22021, 22P02 quando não é UTF-8 ou JSON.
Efeitos: nenhum.
Desde: 0.2.0';
