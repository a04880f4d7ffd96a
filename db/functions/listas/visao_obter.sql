/* pgmigrate-encoding: utf-8 */
create or replace function api.visao_obter(p_cliente_id uuid, p_sessao text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_visao public.visoes;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:ler');
    select s.* into v_visao from public.visoes as s
    where s.cliente_id = p_cliente_id and s.id = p_id
        and (s.usuario_id = interno.usuario_corrente() or interno.equipe_propria(p_cliente_id, s.equipe_id));
    if not found then
        raise exception using errcode = 'ZNV06', message = 'visão não encontrada';
    end if;
    return interno.visao_json(v_visao);
end
$$;
comment on function api.visao_obter(uuid, text, uuid) is
'Uma visão salva, própria ou de uma equipe de quem pede.
Erros: ZNV06 visão não encontrada.
Efeitos: nenhum.
Desde: 0.3.0';
