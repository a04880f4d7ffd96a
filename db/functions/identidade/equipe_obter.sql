/* pgmigrate-encoding: utf-8 */
create or replace function api.equipe_obter(p_cliente_id uuid, p_sessao text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_equipe jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'equipes:ler');
    v_equipe := interno.equipes_json(p_cliente_id, array[p_id]) -> 0;
    if v_equipe is null then
        raise exception using errcode = 'ZNI04', message = 'equipe não encontrada';
    end if;
    return v_equipe;
end
$$;
comment on function api.equipe_obter(uuid, text, uuid) is
'Uma equipe do cliente, com seus membros.
Erros: ZAG01 sessão inválida; ZPG01 sem permissão; ZNI04 equipe não encontrada.
Efeitos: nenhum.
Desde: 0.1.0';
