/* pgmigrate-encoding: utf-8 */
create or replace function interno.conteudo_texto_conferir(p_cliente_id uuid, p_conteudo jsonb) returns void
language plpgsql immutable security invoker set search_path = ''
as $$
begin
    perform interno.campo_chaves_conferir(p_conteudo, array['texto', 'previa'], 'conteudo'),
        interno.campo_texto_conferir(p_conteudo, 'texto', 4096, 'conteudo'),
        interno.campo_booleano_conferir(p_conteudo, 'previa', 'conteudo');
end
$$;
comment on function interno.conteudo_texto_conferir(uuid, jsonb) is
'Confere o conteúdo de um TEXTO {texto, previa?}: até 4096 caracteres.
Erros: ZRV01 a ZRV05; ZRV07.
Efeitos: nenhum.
Desde: 0.2.0';
