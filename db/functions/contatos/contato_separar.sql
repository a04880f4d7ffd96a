/* pgmigrate-encoding: utf-8 */
create or replace function api.contato_separar(p_cliente_id uuid, p_sessao text, p_fusao_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_fusao public.contatos_fusoes;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'contatos:fundir');
    select f.* into v_fusao
    from public.contatos_fusoes as f
    join public.contatos as c on c.cliente_id = p_cliente_id and c.id = f.para_id
    where f.cliente_id = p_cliente_id and f.id = p_fusao_id and interno.visivel(p_cliente_id, c.responsavel_id, c.equipe_id);
    if not found then
        raise exception using errcode = 'ZNC02', message = 'fusão não encontrada';
    end if;
    perform interno.contatos_separar(p_cliente_id, p_fusao_id);
    select f.* into v_fusao from public.contatos_fusoes as f where f.cliente_id = p_cliente_id and f.id = p_fusao_id;
    return interno.fusao_json(v_fusao);
end
$$;
comment on function api.contato_separar(uuid, text, uuid) is
'Desfaz uma fusão: tudo volta a ser de quem era; o que chegou depois fica com o contato que permaneceu. O par nunca mais é juntado pelo sistema.
Erros: ZNC02 fusão não encontrada; os de contatos_separar.
Efeitos: os de contatos_separar.
Desde: 0.3.0';
