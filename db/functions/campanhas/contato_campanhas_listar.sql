/* pgmigrate-encoding: utf-8 */
create or replace function api.contato_campanhas_listar(
    p_cliente_id uuid, p_sessao text, p_contato_id uuid, p_limite integer default null, p_cursor text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_limite integer;
    v_antes uuid;
    v_itens jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'contatos:ler');
    v_limite := interno.limite_ler(p_limite);
    v_antes := interno.cursor_ler(p_cursor);
    if not exists (
        select from public.contatos as c
        where c.cliente_id = p_cliente_id and c.id = p_contato_id and c.removido_em is null
            and interno.visivel(p_cliente_id, c.responsavel_id, c.equipe_id)
    ) then
        raise exception using errcode = 'ZNC01', message = 'contato não encontrado';
    end if;
    select coalesce(jsonb_agg(jsonb_build_object(
        'id', x.id, 'campanhaId', x.campanha_id, 'nome', x.nome, 'status', x.status, 'motivo', x.motivo,
        'enviadoEm', x.enviado_em, 'entregueEm', x.entregue_em, 'lidoEm', x.lido_em
    ) order by x.id desc), '[]') into v_itens
    from (
        select l.id, l.campanha_id, k.nome, l.status, l.motivo, l.enviado_em, l.entregue_em, l.lido_em
        from public.campanhas_log as l
        join public.campanhas as k on k.cliente_id = p_cliente_id and k.id = l.campanha_id
        where l.cliente_id = p_cliente_id and l.contato_id = p_contato_id and (v_antes is null or l.id < v_antes)
        order by l.id desc
        limit v_limite + 1
    ) as x;
    return interno.pagina(v_itens, v_limite);
end
$$;
comment on function api.contato_campanhas_listar(uuid, text, uuid, integer, text) is
'As campanhas de que um contato foi destinatário, da mais nova para a mais velha, e o que houve com a mensagem de cada uma.
Erros: ZNC01 contato não encontrado; 22023 limite ou cursor inválido.
Efeitos: nenhum.
Desde: 0.3.0';
