/* pgmigrate-encoding: utf-8 */
create or replace function interno.entradas_aplicaveis(p_itens jsonb) returns jsonb
language sql immutable security invoker set search_path = ''
as $$
    -- a strange reaction, edit or deletion would undo what it speaks of
    select jsonb_path_query_array(
        p_itens, '$[*] ? (!(exists(@.estranho) && (@.tipo == "REACAO" || @.tipo == "EDICAO" || @.tipo == "EXCLUSAO")))'
    );
$$;
comment on function interno.entradas_aplicaveis(jsonb) is
'Das mensagens lidas de webhooks, as que se guardam; a que não se entende inteira, também, se não muda outra.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
