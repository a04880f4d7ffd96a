/* pgmigrate-encoding: utf-8 */
create or replace function interno.evento_permissao(p_tipo text) returns text
language sql immutable security invoker parallel safe
begin atomic
    select case p_tipo
        when 'agendada_mudou' then 'conversas:ler'
        when 'campanha_mudou' then 'campanhas:ler'
        when 'contatos_importados' then 'contatos:ler'
        when 'importacao_mudou' then 'contatos:importar'
        when 'fila_morta_mudou' then 'fila:ler'
        when 'modelo_mudou' then 'modelos:ler'
        when 'portfolio_mudou' then 'conexoes:ler'
    end;
end;
comment on function interno.evento_permissao(text) is
'A permissão de ler aquilo de que um evento deste tipo fala; nulo = todos do cliente podem saber.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
