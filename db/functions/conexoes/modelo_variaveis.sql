/* pgmigrate-encoding: utf-8 */
create or replace function interno.modelo_variaveis(p_componentes jsonb) returns text[]
language sql immutable security invoker set search_path = ''
as $$
    select coalesce(array_agg(c.chave order by c.posicao), '{}') from interno.modelo_campos(p_componentes) as c where c.obrigatoria;
$$;
comment on function interno.modelo_variaveis(jsonb) is
'Chaves que um envio precisa preencher, na ordem: cabeçalho ("cabecalho.1", "cabecalho.midia", "cabecalho.localizacao"), corpo ("1" ou "nome") e botões ("botao.0": endereço com variável, cupom ou código).
Erros: 22023 quando os componentes não são uma lista.
Efeitos: nenhum.
Desde: 0.1.0';
