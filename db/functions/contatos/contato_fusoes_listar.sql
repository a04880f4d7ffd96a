/* pgmigrate-encoding: utf-8 */
create or replace function api.contato_fusoes_listar(
    p_cliente_id uuid, p_sessao text, p_id uuid, p_limite integer default null, p_cursor text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_limite integer;
    v_apos uuid;
    v_id uuid;
    v_itens jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'contatos:ler');
    v_limite := interno.limite_ler(p_limite);
    v_apos := interno.cursor_ler(p_cursor);
    v_id := interno.contato_atual(p_cliente_id, p_id);
    if not exists (
        select from public.contatos as c
        where c.cliente_id = p_cliente_id and c.id = v_id and c.removido_em is null
            and interno.visivel(p_cliente_id, c.responsavel_id, c.equipe_id)
    ) then
        raise exception using errcode = 'ZNC01', message = 'contato não encontrado';
    end if;
    select coalesce(jsonb_agg(interno.fusao_json(x.linha) order by x.id desc), '[]') into v_itens
    from (
        select f.id, f as linha
        from public.contatos_fusoes as f
        where f.cliente_id = p_cliente_id and f.para_id = v_id and (v_apos is null or f.id < v_apos)
        order by f.id desc
        limit v_limite + 1
    ) as x;
    return interno.pagina(v_itens, v_limite);
end
$$;
comment on function api.contato_fusoes_listar(uuid, text, uuid, integer, text) is
'Que contatos foram juntados a este, quando, por quem e por que prova, da mais nova para a mais velha, com as já desfeitas.
Erros: ZNC01 contato não encontrado; 22023 limite ou cursor inválido.
Efeitos: nenhum.
Desde: 0.3.0';
