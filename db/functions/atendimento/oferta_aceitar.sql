/* pgmigrate-encoding: utf-8 */
create or replace function api.oferta_aceitar(p_cliente_id uuid, p_sessao text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_usuario_id uuid;
    v_conversa public.conversas;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    v_usuario_id := interno.usuario_corrente();
    v_conversa := interno.oferta_travar(p_cliente_id, p_id, 'ACEITA');
    if v_conversa.id is not null then
        v_conversa := interno.atendimento_dar(p_cliente_id, v_conversa, v_usuario_id);
        -- ended by another tab of hers while this one waited for her row
        if not exists (select from public.ofertas as o where o.cliente_id = p_cliente_id and o.id = p_id and o.fim = 'ACEITA') then
            raise exception using errcode = 'ZCA07', message = 'esta oferta terminou: a conversa não está mais reservada para você';
        end if;
    else
        select v.* into v_conversa
        from public.ofertas as o
        join public.conversas as v on v.cliente_id = p_cliente_id and v.id = o.conversa_id
        where o.cliente_id = p_cliente_id and o.id = p_id and v.usuario_id = v_usuario_id;
    end if;
    return jsonb_build_object(
        'conversa', case when v_conversa.id is not null then interno.conversa_json(v_conversa) end,
        'atendimento', interno.atendimento_json(p_cliente_id, v_usuario_id)
    );
end
$$;
comment on function api.oferta_aceitar(uuid, text, uuid) is
'Passa a atender a conversa que a fila oferece a quem pede, como atendimento_proximo a daria. Aceita outra vez, é a mesma; conversa é nula se ela já não é de quem pede.
Erros: ZAG01 sessão inválida; ZPG01 sem permissão; ZNA03 oferta não encontrada; ZCA07 a oferta terminou; os de conversa_dar.
Efeitos: conversas, conversas_historico, usuarios, ofertas, fila, eventos.
Desde: 0.3.0';
