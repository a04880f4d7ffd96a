/* pgmigrate-encoding: utf-8 */
create or replace function interno.campo_id_ler(p_objeto jsonb, p_chave text, p_campo text) returns uuid
language plpgsql immutable security invoker set search_path = ''
as $$
begin
    if jsonb_typeof(p_objeto -> p_chave) is distinct from 'string' or not pg_input_is_valid(p_objeto ->> p_chave, 'uuid') then
        raise exception using errcode = 'ZRV11', message = 'identificador inválido', column = p_campo || '.' || p_chave;
    end if;
    return (p_objeto ->> p_chave)::uuid;
end
$$;
comment on function interno.campo_id_ler(jsonb, text, text) is
'Lê um identificador do conteúdo.
Erros: ZRV11.
Efeitos: nenhum
Desde: 0.2.0';
