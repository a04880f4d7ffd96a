/* pgmigrate-encoding: utf-8 */
create or replace function interno.campo_chaves_conferir(p_objeto jsonb, p_aceitas text[], p_campo text) returns void
language plpgsql immutable security invoker set search_path = ''
as $$
declare
    v_chave text;
begin
    if jsonb_typeof(p_objeto) is distinct from 'object' then
        raise exception using errcode = 'ZRV01', message = 'esta parte do conteúdo precisa ser um objeto', column = p_campo;
    end if;
    select k.chave into v_chave from jsonb_object_keys(p_objeto) as k (chave) where k.chave <> all (p_aceitas) order by k.chave limit 1;
    if v_chave is not null then
        raise exception using errcode = 'ZRV02', message = format('o campo %s não existe aqui', left(v_chave, 60)), column = p_campo;
    end if;
end
$$;
comment on function interno.campo_chaves_conferir(jsonb, text[], text) is
'Confere que uma parte do conteúdo é um objeto, sem campos além dos aceitos (nulo = quaisquer).
Erros: ZRV01 não é um objeto; ZRV02 campo desconhecido.
Efeitos: nenhum
Desde: 0.2.0';
