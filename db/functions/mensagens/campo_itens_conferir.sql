/* pgmigrate-encoding: utf-8 */
create or replace function interno.campo_itens_conferir(p_objeto jsonb, p_chave text, p_chaves text[], p_campo text) returns void
language plpgsql stable security invoker set search_path = ''
as $$
declare
    r_item record;
begin
    if not p_objeto ? p_chave then
        return;
    end if;
    perform interno.campo_lista_conferir(p_objeto, p_chave, 1, 20, p_campo);
    for r_item in select i.value as valor, format('%s.%s.%s', p_campo, p_chave, i.n - 1) as campo
        from jsonb_array_elements(p_objeto -> p_chave) with ordinality as i (value, n) order by i.n
    loop
        perform interno.campo_chaves_conferir(r_item.valor, p_chaves, r_item.campo);
        perform interno.campo_texto_conferir(r_item.valor, c.chave, 300, r_item.campo, c.n = 1)
        from unnest(p_chaves) with ordinality as c (chave, n);
    end loop;
end
$$;
comment on function interno.campo_itens_conferir(jsonb, text, text[], text) is
'Confere uma lista opcional de até 20 objetos de textos curtos; a primeira chave é obrigatória.
Erros: ZRV01 a ZRV06.
Efeitos: nenhum.
Desde: 0.2.0';
