/* pgmigrate-encoding: utf-8 */
create or replace function api.sugestao_descartar(p_cliente_id uuid, p_sessao text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_sugestao public.contatos_sugestoes;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'contatos:fundir');
    select s.* into v_sugestao
    from public.contatos_sugestoes as s
    join public.contatos as c on c.cliente_id = p_cliente_id and c.id = s.contato_id
    join public.contatos as o on o.cliente_id = p_cliente_id and o.id = s.outro_id
    where s.cliente_id = p_cliente_id and s.id = p_id
        and interno.visivel(p_cliente_id, c.responsavel_id, c.equipe_id) and interno.visivel(p_cliente_id, o.responsavel_id, o.equipe_id)
    for update of s;
    if not found then
        raise exception using errcode = 'ZNC03', message = 'sugestão não encontrada';
    end if;
    if v_sugestao.dispensada_em is null then
        update public.contatos_sugestoes as s set dispensada_em = v_agora, dispensada_por = interno.usuario_corrente()
        where s.cliente_id = p_cliente_id and s.id = p_id
        returning s.* into v_sugestao;
        perform interno.auditar(p_cliente_id, 'sugestao_descartada', 'contatos', v_sugestao.contato_id,
            jsonb_build_object('outroId', v_sugestao.outro_id));
    end if;
    return interno.sugestao_json(v_sugestao);
end
$$;
comment on function api.sugestao_descartar(uuid, text, uuid) is
'Diz que dois contatos não são a mesma pessoa: o par não é mais sugerido, nem juntado pelo sistema. Repetir responde o mesmo.
Erros: ZNC03 sugestão não encontrada.
Efeitos: contatos_sugestoes, auditoria.
Desde: 0.3.0';
