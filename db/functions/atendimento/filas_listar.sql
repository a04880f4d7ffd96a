/* pgmigrate-encoding: utf-8 */
create or replace function api.filas_listar(
    p_cliente_id uuid, p_sessao text, p_limite integer default null, p_cursor text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_limite integer;
    v_cursor uuid;
    v_equipes uuid[];
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:ler');
    v_limite := interno.limite_ler(p_limite);
    v_cursor := interno.cursor_ler(p_cursor);
    v_equipes := array(
        select e.id from public.equipes as e
        where e.cliente_id = p_cliente_id and (v_cursor is null or e.id < v_cursor) and interno.visivel(p_cliente_id, null, e.id)
        order by e.id desc
        limit v_limite + 1
    );
    return interno.pagina(
        interno.filas_json(p_cliente_id, v_equipes, cardinality(v_equipes) <= v_limite), v_limite
    );
end
$$;
comment on function api.filas_listar(uuid, text, integer, text) is
'As filas que quem pede pode ver, da equipe mais nova à mais antiga e por fim a de todos (id nulo): o que espera e desde quando, o que está em atendimento e adiado, e quem pode atender.
Erros: ZAG01 sessão inválida; ZPG01 sem permissão; 22023 limite ou cursor.
Efeitos: nenhum.
Desde: 0.3.0';
