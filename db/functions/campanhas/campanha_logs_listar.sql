/* pgmigrate-encoding: utf-8 */
create or replace function api.campanha_logs_listar(
    p_cliente_id uuid, p_sessao text, p_id uuid, p_status text default null, p_motivo text default null,
    p_limite integer default null, p_cursor text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_limite integer := interno.limite_ler(p_limite);
    v_antes uuid := interno.cursor_ler(p_cursor);
    v_itens jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'campanhas:ler');
    if not exists (select from public.campanhas as k where k.cliente_id = p_cliente_id and k.id = p_id) then
        raise exception using errcode = 'ZNK01', message = 'campanha não encontrada';
    end if;
    select coalesce(jsonb_agg(to_jsonb(x) order by x.id desc), '[]') into v_itens
    from (
        select l.id, l.contato_id as "contatoId", c.nome, l.telefone, l.status, l.motivo, l.erro_codigo as "erroCodigo",
            l.erro_texto as "erroTexto", l.tentativas, l.id_externo as "idExterno", l.enviado_em as "enviadoEm",
            l.entregue_em as "entregueEm", l.lido_em as "lidoEm"
        from public.campanhas_log as l
        join public.contatos as c on c.cliente_id = p_cliente_id and c.id = l.contato_id
        where l.cliente_id = p_cliente_id and l.campanha_id = p_id
            and (p_status is null or l.status = p_status)
            and (p_motivo is null or l.motivo = p_motivo)
            and (v_antes is null or l.id < v_antes)
        order by l.id desc
        limit v_limite + 1
    ) as x;
    return interno.pagina(v_itens, v_limite);
end
$$;
comment on function api.campanha_logs_listar(uuid, text, uuid, text, text, integer, text) is
'Destinatários de uma campanha, um por linha, com estado, motivo, horários e o id do provedor.
Erros: ZNK01; 22023.
Efeitos: nenhum.
Desde: 0.1.0';
