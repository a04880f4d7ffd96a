/* pgmigrate-encoding: utf-8 */
create or replace function interno.campo_lista_conferir(p_objeto jsonb, p_chave text, p_minimo integer, p_maximo integer, p_campo text) returns void
language plpgsql immutable security invoker set search_path = ''
as $$
begin
    if jsonb_typeof(p_objeto -> p_chave) is distinct from 'array'
        or jsonb_array_length(p_objeto -> p_chave) not between p_minimo and p_maximo
    then
        raise exception using errcode = 'ZRV06', column = p_campo || '.' || p_chave,
            message = format('esta lista precisa ter de %s a %s itens', p_minimo, p_maximo);
    end if;
end
$$;
comment on function interno.campo_lista_conferir(jsonb, text, integer, integer, text) is
'Confere que uma parte do conteúdo é uma lista do tamanho aceito.
Erros: ZRV06.
Efeitos: nenhum
Desde: 0.2.0';
