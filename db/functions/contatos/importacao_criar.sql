/* pgmigrate-encoding: utf-8 */
create or replace function api.importacao_criar(
    p_cliente_id uuid, p_sessao text, p_arquivo text, p_codificacao text, p_delimitador text, p_colunas text[], p_amostra jsonb
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    c_abertas constant integer := 10;
    v_destinos text[];
    v_importacao public.importacoes;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'contatos:importar');
    perform interno.importacoes_limpar(p_cliente_id);
    if (
        select count(*) from public.importacoes as i
        where i.cliente_id = p_cliente_id and i.usuario_id = interno.usuario_corrente()
            and i.status not in ('CONCLUIDA', 'CANCELADA', 'FALHOU')
    ) >= c_abertas then
        raise exception using errcode = 'ZLC02', message = 'há importações demais abertas: conclua ou descarte alguma antes';
    end if;
    -- a file of the same columns, as the errors of another one mended, goes where that one went
    select array(
        select i.destinos[array_position(i.colunas, n.nome)] from unnest(p_colunas) with ordinality as n (nome, ordem) order by n.ordem
    ) into v_destinos
    from public.importacoes as i
    where i.cliente_id = p_cliente_id and i.usuario_id = interno.usuario_corrente() and i.destinos is not null
        and i.colunas @> p_colunas and i.colunas <@ p_colunas
    order by i.id desc
    limit 1;
    insert into public.importacoes (cliente_id, usuario_id, arquivo, codificacao, delimitador, colunas, amostra, destinos)
    values (
        p_cliente_id, interno.usuario_corrente(), coalesce(nullif(btrim(left(p_arquivo, 200)), ''), 'contatos.csv'), p_codificacao,
        p_delimitador, p_colunas, p_amostra, v_destinos
    ) returning * into v_importacao;
    return interno.importacao_json(v_importacao);
end
$$;
comment on function api.importacao_criar(uuid, text, text, text, text, text[], jsonb) is
'Abre uma importação para um arquivo que a borda começou a ler; as linhas chegam por importacao_lote_criar. destinos já vem como a mesma pessoa mapeou o último arquivo das mesmas colunas, ou nulo.
Erros: ZLC02 importações abertas demais; 23514 valor fora da regra.
Efeitos: importacoes (e apaga as abandonadas), eventos.
Desde: 0.3.0';
