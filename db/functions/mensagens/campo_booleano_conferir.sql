/* pgmigrate-encoding: utf-8 */
create or replace function interno.campo_booleano_conferir(p_objeto jsonb, p_chave text, p_campo text) returns void
language plpgsql immutable security invoker set search_path = ''
as $$
begin
    if p_objeto ? p_chave and jsonb_typeof(p_objeto -> p_chave) <> 'boolean' then
        raise exception using errcode = 'ZRV07', message = 'este campo precisa ser verdadeiro ou falso', column = p_campo || '.' || p_chave;
    end if;
end
$$;
comment on function interno.campo_booleano_conferir(jsonb, text, text) is
'Confere um campo que, quando presente, é verdadeiro ou falso.
Erros: ZRV07.
Efeitos: nenhum
Desde: 0.2.0';
