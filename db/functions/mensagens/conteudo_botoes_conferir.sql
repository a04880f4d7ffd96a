/* pgmigrate-encoding: utf-8 */
create or replace function interno.conteudo_botoes_conferir(p_cliente_id uuid, p_conteudo jsonb) returns void
language plpgsql stable security invoker set search_path = ''
as $$
declare
    r_botao record;
begin
    perform interno.campo_chaves_conferir(p_conteudo, array['texto', 'cabecalho', 'rodape', 'botoes'], 'conteudo'),
        interno.campo_texto_conferir(p_conteudo, 'texto', 1024, 'conteudo'),
        interno.campo_texto_conferir(p_conteudo, 'rodape', 60, 'conteudo', false),
        interno.campo_cabecalho_conferir(p_cliente_id, p_conteudo, false, 'conteudo'),
        interno.campo_lista_conferir(p_conteudo, 'botoes', 1, 3, 'conteudo');
    for r_botao in select b.value as valor, 'conteudo.botoes.' || (b.n - 1) as campo
        from jsonb_array_elements(p_conteudo -> 'botoes') with ordinality as b (value, n) order by b.n
    loop
        perform interno.campo_chaves_conferir(r_botao.valor, array['id', 'titulo'], r_botao.campo),
            interno.campo_texto_conferir(r_botao.valor, 'id', 256, r_botao.campo),
            interno.campo_texto_conferir(r_botao.valor, 'titulo', 20, r_botao.campo);
    end loop;
    perform interno.campo_ids_conferir(jsonb_path_query_array(p_conteudo, '$.botoes[*].id'), 'conteudo.botoes');
end
$$;
comment on function interno.conteudo_botoes_conferir(uuid, jsonb) is
'Confere o conteúdo de BOTOES {texto, cabecalho?, rodape?, botoes: [{id, titulo}]}: 1 a 3 botões, ids distintos de até 256 caracteres, títulos de até 20.
Erros: ZRV01 a ZRV06; ZRV08; ZRV10 a ZRV15; ZND01.
Efeitos: nenhum.
Desde: 0.2.0';
