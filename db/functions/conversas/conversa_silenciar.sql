/* pgmigrate-encoding: utf-8 */
create or replace function api.conversa_silenciar(p_cliente_id uuid, p_sessao text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_conversa public.conversas;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:ler');
    v_conversa := interno.conversa_visivel(p_cliente_id, interno.conversa_atual(p_cliente_id, p_id));
    insert into public.silenciadas (cliente_id, usuario_id, conversa_id)
    values (p_cliente_id, interno.usuario_corrente(), v_conversa.id)
    on conflict do nothing;
    return interno.conversa_json(v_conversa);
end
$$;
comment on function api.conversa_silenciar(uuid, text, uuid) is
'Deixa de avisar quem pede do que há numa conversa, e só ele: sem som, aviso, push nem conta no título, até conversa_silencio_desfazer. Ela continua a contar como não lida; repetir não muda nada.
Erros: ZNV01 conversa não encontrada.
Efeitos: silenciadas, eventos.
Desde: 0.3.0';
