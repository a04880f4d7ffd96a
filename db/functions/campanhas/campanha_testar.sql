/* pgmigrate-encoding: utf-8 */
create or replace function api.campanha_testar(p_cliente_id uuid, p_sessao text, p_id uuid, p_telefone text) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_contato_id uuid;
    v_teste_id uuid;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'campanhas:disparar');
    perform interno.campanha_travar(p_cliente_id, p_id, array['RASCUNHO']);
    perform interno.campanha_completa_conferir(p_cliente_id, p_id);
    select c.id into v_contato_id
    from public.contatos as c
    where c.cliente_id = p_cliente_id and c.removido_em is null and interno.visivel(p_cliente_id, c.responsavel_id, c.equipe_id)
        -- written with the country or without
        and c.telefone in (interno.telefone_canonico(p_telefone), interno.telefone_canonico('55' || p_telefone))
    order by c.telefone = interno.telefone_canonico(p_telefone) desc nulls last
    limit 1;
    if not found then
        raise exception using errcode = 'ZRK19', column = 'telefone', message = 'nenhum contato tem este telefone: cadastre-o para receber o teste';
    end if;
    insert into public.campanhas (cliente_id, nome, conexao_id, modelo_id, variaveis, publico_tipo, publico_filtro, criado_por)
    select k.cliente_id, left('Teste de ' || k.nome, 120), k.conexao_id, k.modelo_id, k.variaveis, 'CONTATOS', '{}', interno.usuario_corrente()
    from public.campanhas as k where k.cliente_id = p_cliente_id and k.id = p_id
    returning id into v_teste_id;
    perform interno.campanha_publico_gravar(p_cliente_id, v_teste_id, array[v_contato_id]);
    perform interno.campanha_disparar(p_cliente_id, v_teste_id);
    perform interno.auditar(p_cliente_id, 'campanha_testada', 'campanhas', p_id, jsonb_build_object('testeId', v_teste_id));
    return interno.campanha_json(p_cliente_id, v_teste_id);
end
$$;
comment on function api.campanha_testar(uuid, text, uuid, text) is
'Manda já o que o rascunho mandaria a um contato, dono de p_telefone: uma campanha à parte, de uma pessoa, com as mesmas regras.
Erros: ZNK01; ZCK01 não é rascunho; ZRK19 telefone de ninguém; ZRK04, ZRK05, ZRK15, ZRK02, ZRK16.
Efeitos: campanhas, campanhas_publico, campanhas_log, fila, auditoria, eventos.
Desde: 0.3.0';
