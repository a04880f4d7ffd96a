/* pgmigrate-encoding: utf-8 */
create or replace function interno.importacao_destinos_conferir(p_colunas text[], p_destinos text[]) returns void
language plpgsql immutable security invoker set search_path = ''
as $$
begin
    if cardinality(p_destinos) is distinct from cardinality(p_colunas)
        or exists (select from unnest(p_destinos) as d (destino)
            where d.destino is null or d.destino not in ('telefone', 'nome', 'email', 'etiquetas', 'campo', '')) then
        raise exception using errcode = '22023', message = 'diga para onde vai cada coluna', column = 'destinos';
    elsif cardinality(array_positions(p_destinos, 'telefone')) <> 1 then
        raise exception using errcode = 'ZRC08', message = 'escolha exatamente uma coluna para o telefone', column = 'destinos';
    elsif exists (select from unnest(array['nome', 'email', 'etiquetas']) as d (destino) where cardinality(array_positions(p_destinos, d.destino)) > 1) then
        raise exception using errcode = 'ZRC09', message = 'nome, e-mail e etiquetas recebem uma coluna cada', column = 'destinos';
    end if;
end
$$;
comment on function interno.importacao_destinos_conferir(text[], text[]) is
'Confere para onde vai cada coluna de um arquivo: um telefone, e no máximo um nome, um e-mail e uma de etiquetas.
Erros: 22023 destinos; ZRC08 telefone; ZRC09 destino repetido.
Efeitos: nenhum.
Desde: 0.3.0';
