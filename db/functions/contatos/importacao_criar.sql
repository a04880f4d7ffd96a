/* pgmigrate-encoding: utf-8 */
create or replace function api.importacao_criar(
    p_cliente_id uuid, p_sessao text, p_arquivo text, p_codificacao text, p_delimitador text, p_colunas text[], p_amostra jsonb
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    c_abertas constant integer := 10;
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
    insert into public.importacoes (cliente_id, usuario_id, arquivo, codificacao, delimitador, colunas, amostra)
    values (
        p_cliente_id, interno.usuario_corrente(), coalesce(nullif(btrim(left(p_arquivo, 200)), ''), 'contatos.csv'), p_codificacao,
        p_delimitador, p_colunas, p_amostra
    ) returning * into v_importacao;
    return interno.importacao_json(v_importacao);
end
$$;
comment on function api.importacao_criar(uuid, text, text, text, text, text[], jsonb) is
'Abre uma importação para um arquivo que a borda começou a ler; as linhas chegam por importacao_lote_criar.
Erros: ZLC02 importações abertas demais; 23514 valor fora da regra.
Efeitos: importacoes (e apaga as abandonadas), eventos.
Desde: 0.3.0';
