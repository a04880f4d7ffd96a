/* pgmigrate-encoding: utf-8 */
create or replace function interno.campanha_publico_tipo(p_contato_ids uuid[], p_etiqueta_ids uuid[], p_filtro jsonb) returns text
language plpgsql immutable security invoker set search_path = ''
as $$
begin
    if num_nonnulls(p_contato_ids, p_etiqueta_ids, p_filtro) <> 1 or cardinality(p_contato_ids) = 0 or cardinality(p_etiqueta_ids) = 0 then
        raise exception using errcode = 'ZRK01', column = 'contatoIds',
            message = 'escolha o público por contatoIds, por etiquetaIds ou por filtro: exatamente um deles, e não vazio';
    end if;
    return case when p_contato_ids is not null then 'CONTATOS' when p_etiqueta_ids is not null then 'ETIQUETAS' else 'FILTRO' end;
end
$$;
comment on function interno.campanha_publico_tipo(uuid[], uuid[], jsonb) is
'De onde vem o público da campanha.
Erros: ZRK01 nenhum, mais de um, ou vazio.
Efeitos: nenhum.
Desde: 0.1.0';
