/* pgmigrate-encoding: utf-8 */
create or replace function api.contatos_exportar(
    p_cliente_id uuid, p_sessao text, p_busca text default null, p_etiqueta_id uuid default null, p_marketing text default null,
    p_bloqueado boolean default null, p_cursor text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'contatos:exportar');
    if p_cursor is null then
        perform interno.auditar(p_cliente_id, 'contatos_exportados', 'contatos', null, jsonb_build_object(
            'busca', left(p_busca, 200), 'etiquetaId', p_etiqueta_id, 'marketing', p_marketing, 'bloqueado', p_bloqueado
        ));
    end if;
    return api.contatos_listar(
        p_cliente_id => p_cliente_id, p_sessao => p_sessao, p_busca => p_busca, p_etiqueta_id => p_etiqueta_id, p_marketing => p_marketing,
        p_bloqueado => p_bloqueado, p_limite => 200, p_cursor => p_cursor
    );
end
$$;
comment on function api.contatos_exportar(uuid, text, text, uuid, text, boolean, text) is
'Uma página, de 200, do que sai num CSV: os contatos visíveis com esses filtros. A primeira fica na auditoria.
Erros: os de contatos_listar.
Efeitos: auditoria.
Desde: 0.3.0';
