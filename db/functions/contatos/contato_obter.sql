/* pgmigrate-encoding: utf-8 */
create or replace function api.contato_obter(p_cliente_id uuid, p_sessao text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_id uuid;
    v_contato public.contatos;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'contatos:ler');
    -- an old link to one that is inside another
    v_id := interno.contato_atual(p_cliente_id, p_id);
    select c.* into v_contato
    from public.contatos as c
    where c.cliente_id = p_cliente_id and c.id = v_id and c.removido_em is null
        and interno.visivel(p_cliente_id, c.responsavel_id, c.equipe_id);
    if not found then
        raise exception using errcode = 'ZNC01', message = 'contato não encontrado';
    end if;
    return interno.contato_json(v_contato);
end
$$;
comment on function api.contato_obter(uuid, text, uuid) is
'Um contato, se quem pede pode vê-lo; o de um que foi juntado a outro é o outro.
Erros: ZNC01 contato não encontrado.
Efeitos: nenhum.
Desde: 0.1.0';
