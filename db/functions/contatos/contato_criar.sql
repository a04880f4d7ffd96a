/* pgmigrate-encoding: utf-8 */
create or replace function api.contato_criar(
    p_cliente_id uuid, p_sessao text, p_nome text, p_telefone text, p_telefone_informado text default null,
    p_email text default null, p_campos jsonb default '{}', p_responsavel_id uuid default null, p_equipe_id uuid default null,
    p_etiqueta_ids uuid[] default '{}', p_chave_idempotencia text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_resposta jsonb;
    v_contato public.contatos;
    v_responsavel_id uuid := p_responsavel_id;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'contatos:gerir');
    v_resposta := interno.idempotencia_abrir(p_cliente_id, 'contato_criar', p_chave_idempotencia, jsonb_build_array(
        p_nome, p_telefone, p_telefone_informado, p_email, p_campos, p_responsavel_id, p_equipe_id, p_etiqueta_ids
    ));
    if v_resposta is not null then
        return v_resposta;
    end if;
    -- the edge reads the number; what it could not read arrives as null
    if p_telefone is null then
        raise exception using errcode = 'ZRC01', message = 'telefone inválido: informe o DDD e o número', column = 'telefone';
    end if;
    -- nobody creates what they could not see afterwards
    if v_responsavel_id is null and not interno.visivel(p_cliente_id, null, p_equipe_id) then
        v_responsavel_id := interno.usuario_corrente();
    end if;
    -- a number that somebody we know left behind
    if exists (
        select from public.contatos_identidades as i where i.cliente_id = p_cliente_id and i.tipo = 'E164' and i.valor = p_telefone
            and not interno.telefone_ambiguo(p_telefone)
    ) then
        raise exception using errcode = 'ZCC01', message = 'já existe contato com este telefone', column = 'telefone';
    end if;
    insert into public.contatos (cliente_id, nome, telefone, telefone_informado, email, campos, responsavel_id, equipe_id)
    values (
        p_cliente_id, btrim(p_nome), p_telefone, p_telefone_informado, interno.email_ler(p_email), p_campos, v_responsavel_id,
        p_equipe_id
    ) returning * into v_contato;
    perform interno.contatos_limite_conferir(p_cliente_id);
    insert into public.contatos_etiquetas (cliente_id, contato_id, etiqueta_id)
    select distinct p_cliente_id, v_contato.id, e.id from unnest(p_etiqueta_ids) as e (id);
    perform interno.auditar(p_cliente_id, 'contato_criado', 'contatos', v_contato.id);
    return interno.idempotencia_fechar(p_cliente_id, 'contato_criar', p_chave_idempotencia, interno.contato_json(v_contato));
end
$$;
comment on function api.contato_criar(uuid, text, text, text, text, text, jsonb, uuid, uuid, uuid[], text) is
'Cria um contato; p_telefone já vem em E.164 canônico. Quem cria na fila de uma equipe que não vê fica responsável.
Erros: ZRC01 telefone inválido; ZRC02 e-mail inválido; ZCC01 telefone repetido; ZLC01 limite do plano; ZNE01 etiqueta não encontrada; ZNI02 usuário não encontrado; ZNI04 equipe não encontrada; 23514 valor fora da regra.
Efeitos: contatos, contatos_etiquetas, auditoria, eventos, chaves_idempotencia.
Desde: 0.1.0';
