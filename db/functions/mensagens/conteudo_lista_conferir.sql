/* pgmigrate-encoding: utf-8 */
create or replace function interno.conteudo_lista_conferir(p_cliente_id uuid, p_conteudo jsonb) returns void
language plpgsql stable security invoker set search_path = ''
as $$
declare
    r_parte record;
    v_varias boolean;
begin
    perform interno.campo_chaves_conferir(p_conteudo, array['texto', 'cabecalho', 'rodape', 'botao', 'secoes'], 'conteudo'),
        interno.campo_texto_conferir(p_conteudo, 'texto', 4096, 'conteudo'),
        interno.campo_texto_conferir(p_conteudo, 'rodape', 60, 'conteudo', false),
        interno.campo_texto_conferir(p_conteudo, 'botao', 20, 'conteudo'),
        interno.campo_cabecalho_conferir(p_cliente_id, p_conteudo, true, 'conteudo'),
        interno.campo_lista_conferir(p_conteudo, 'secoes', 1, 10, 'conteudo');
    v_varias := jsonb_array_length(p_conteudo -> 'secoes') > 1;
    for r_parte in select s.value as valor, 'conteudo.secoes.' || (s.n - 1) as campo
        from jsonb_array_elements(p_conteudo -> 'secoes') with ordinality as s (value, n) order by s.n
    loop
        perform interno.campo_chaves_conferir(r_parte.valor, array['titulo', 'linhas'], r_parte.campo),
            -- with more than one section, each has to say what it is
            interno.campo_texto_conferir(r_parte.valor, 'titulo', 24, r_parte.campo, v_varias),
            interno.campo_lista_conferir(r_parte.valor, 'linhas', 1, 10, r_parte.campo);
    end loop;
    for r_parte in select l.value as valor, format('conteudo.secoes.%s.linhas.%s', s.n - 1, l.n - 1) as campo
        from jsonb_array_elements(p_conteudo -> 'secoes') with ordinality as s (value, n)
        cross join lateral jsonb_array_elements(s.value -> 'linhas') with ordinality as l (value, n) order by s.n, l.n
    loop
        perform interno.campo_chaves_conferir(r_parte.valor, array['id', 'titulo', 'descricao'], r_parte.campo),
            interno.campo_texto_conferir(r_parte.valor, 'id', 200, r_parte.campo),
            interno.campo_texto_conferir(r_parte.valor, 'titulo', 24, r_parte.campo),
            interno.campo_texto_conferir(r_parte.valor, 'descricao', 72, r_parte.campo, false);
    end loop;
    if jsonb_array_length(jsonb_path_query_array(p_conteudo, '$.secoes[*].linhas[*]')) > 10 then
        raise exception using errcode = 'ZRV16', message = 'a lista inteira tem no máximo 10 linhas', column = 'conteudo.secoes';
    end if;
    perform interno.campo_ids_conferir(jsonb_path_query_array(p_conteudo, '$.secoes[*].linhas[*].id'), 'conteudo.secoes');
end
$$;
comment on function interno.conteudo_lista_conferir(uuid, jsonb) is
'Confere o conteúdo de uma LISTA {texto, cabecalho?, rodape?, botao, secoes: [{titulo?, linhas: [{id, titulo, descricao?}]}]}: até 10 seções e 10 linhas ao todo, título de seção obrigatório quando há mais de uma.
Erros: ZRV01 a ZRV06; ZRV15; ZRV16.
Efeitos: nenhum.
Desde: 0.2.0';
