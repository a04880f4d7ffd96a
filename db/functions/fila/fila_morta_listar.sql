/* pgmigrate-encoding: utf-8 */
create or replace function api.fila_morta_listar(
    p_cliente_id uuid, p_sessao text, p_resolvida boolean default null, p_grupo uuid default null, p_tipo text default null,
    p_erro_codigo integer default null, p_conexao_id uuid default null, p_de timestamptz default null, p_ate timestamptz default null,
    p_limite integer default null, p_cursor text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_limite integer;
    v_antes uuid;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'fila:ler');
    v_limite := interno.limite_ler(p_limite);
    v_antes := interno.cursor_ler(p_cursor);
    return interno.pagina(interno.fila_morta_json(p_cliente_id, interno.fila_morta_escolher(
        p_cliente_id, interno.fila_morta_criterios(p_grupo, p_tipo, p_erro_codigo, p_conexao_id, p_de, p_ate),
        not p_resolvida, v_antes, v_limite + 1, false
    )), v_limite);
end
$$;
comment on function api.fila_morta_listar(uuid, text, boolean, uuid, text, integer, uuid, timestamptz, timestamptz, integer, text) is
'O que desistiu depois das tentativas, do mais novo ao mais antigo: os abertos (p_resolvida falso), os resolvidos ou todos (nulo), por grupo, tipo, código, conexão e período.
Erros: 22023.
Efeitos: nenhum.
Desde: 0.2.0';
