/* pgmigrate-encoding: utf-8 */
create or replace function api.conexao_mensagem_testar(
    p_cliente_id uuid, p_sessao text, p_id uuid, p_telefone text, p_tipo text, p_conteudo jsonb, p_chave_idempotencia text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_contato_id uuid;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conexoes:gerir');
    if p_telefone is null then
        raise exception using errcode = 'ZRC01', message = 'telefone inválido: informe o DDD e o número', column = 'telefone';
    end if;
    select c.id into v_contato_id
    from public.contatos as c where c.cliente_id = p_cliente_id and c.telefone = p_telefone and c.removido_em is null;
    if not found then
        select i.contato_id into v_contato_id
        from public.contatos_identidades as i
        where i.cliente_id = p_cliente_id and i.tipo = 'E164' and i.valor = p_telefone
        limit 1;
    end if;
    if v_contato_id is null then
        v_contato_id := (api.contato_criar(
            p_cliente_id => p_cliente_id, p_sessao => p_sessao, p_nome => 'Teste de conexão', p_telefone => p_telefone
        ) ->> 'id')::uuid;
    end if;
    return api.conversa_iniciar(
        p_cliente_id => p_cliente_id, p_sessao => p_sessao, p_contato_id => v_contato_id, p_conexao_id => p_id, p_tipo => p_tipo,
        p_conteudo => p_conteudo, p_chave_idempotencia => p_chave_idempotencia
    );
end
$$;
comment on function api.conexao_mensagem_testar(uuid, text, uuid, text, text, jsonb, text) is
'Manda uma mensagem de teste por um número a um telefone: ao contato que o tem, ou a um novo. Valem as permissões e as regras de criar contato e de começar conversa.
Erros: ZRC01 telefone inválido; os de contato_criar e conversa_iniciar.
Efeitos: contatos, conversas, conversas_historico, mensagens, fila, eventos, chaves_idempotencia.
Desde: 0.3.0';
