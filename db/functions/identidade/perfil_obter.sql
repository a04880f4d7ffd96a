/* pgmigrate-encoding: utf-8 */
create or replace function api.perfil_obter(p_cliente_id uuid, p_sessao text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_perfil jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'perfis:ler');
    v_perfil := interno.perfis_json(p_cliente_id, array[p_id]) -> 0;
    if v_perfil is null then
        raise exception using errcode = 'ZNI03', message = 'perfil não encontrado';
    end if;
    return v_perfil;
end
$$;
comment on function api.perfil_obter(uuid, text, uuid) is
'Um perfil do cliente, com suas permissões.
Erros: ZAG01 sessão inválida; ZPG01 sem permissão; ZNI03 perfil não encontrado.
Efeitos: nenhum.
Desde: 0.1.0';
