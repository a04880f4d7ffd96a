/* pgmigrate-encoding: utf-8 */
create or replace function api.midia_url_autorizar(p_cliente_id uuid, p_sessao text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_midia public.midias;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:ler');
    v_midia := interno.midia_ler(p_cliente_id, p_id);
    if v_midia.status <> 'DISPONIVEL' then
        raise exception using errcode = 'ZRD06', message = 'esta mídia não está disponível', detail = coalesce(v_midia.erro_texto, v_midia.status);
    end if;
    return jsonb_build_object('id', v_midia.id, 'sessaoId', current_setting('app.sessao_id')::uuid);
end
$$;
comment on function api.midia_url_autorizar(uuid, text, uuid) is
'Se quem pede pode baixar a mídia agora, e a sessão a que a borda prende o endereço que assinar.
Erros: ZND01 mídia não encontrada; ZRD06 não disponível.
Efeitos: nenhum.
Desde: 0.2.0';
