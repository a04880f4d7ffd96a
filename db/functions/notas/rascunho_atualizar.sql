/* pgmigrate-encoding: utf-8 */
create or replace function api.rascunho_atualizar(p_cliente_id uuid, p_sessao text, p_conversa_id uuid, p_texto text, p_nota boolean default false,
    p_contexto_id uuid default null, p_versao integer default null) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_rascunho public.rascunhos;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    perform interno.conversa_visivel(p_cliente_id, p_conversa_id);
    if p_contexto_id is not null and not exists (
        select from public.mensagens as m where m.cliente_id = p_cliente_id and m.id = p_contexto_id and m.conversa_id = p_conversa_id
    ) then
        raise exception using errcode = 'ZNV02', message = 'mensagem não encontrada', column = 'contextoId';
    end if;
    select r.* into v_rascunho from public.rascunhos as r
    where r.cliente_id = p_cliente_id and r.usuario_id = interno.usuario_corrente() and r.conversa_id = p_conversa_id
    for update;
    -- one that was sent or thrown away meanwhile does not come back from another window
    perform interno.versao_conferir(coalesce(v_rascunho.versao, 0), p_versao);
    insert into public.rascunhos as r (cliente_id, usuario_id, conversa_id, texto, nota, contexto_id)
    values (p_cliente_id, interno.usuario_corrente(), p_conversa_id, p_texto, p_nota, p_contexto_id)
    on conflict (cliente_id, usuario_id, conversa_id) do update
    set texto = excluded.texto, nota = excluded.nota, contexto_id = excluded.contexto_id
    returning r.* into v_rascunho;
    return interno.rascunho_json(v_rascunho);
end
$$;
comment on function api.rascunho_atualizar(uuid, text, uuid, text, boolean, uuid, integer) is
'Guarda o que quem pede começou a escrever numa conversa: um por pessoa e conversa, que ninguém mais vê. Sem p_versao, vale o último que chega.
Erros: ZNV01 conversa não encontrada; ZNV02 mensagem citada não encontrada; ZCG02 versão antiga; 23514 texto vazio ou grande demais.
Efeitos: rascunhos.
Desde: 0.3.0';
