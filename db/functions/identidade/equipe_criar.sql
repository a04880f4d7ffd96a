/* pgmigrate-encoding: utf-8 */
create or replace function api.equipe_criar(
    p_cliente_id uuid, p_sessao text, p_nome text, p_membros uuid[] default '{}', p_chave_idempotencia text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_id uuid := uuidv7();
    v_resposta jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'equipes:gerir');
    v_resposta := interno.idempotencia_abrir(
        p_cliente_id, 'equipe_criar', p_chave_idempotencia, jsonb_build_array(p_nome, p_membros)
    );
    if v_resposta is not null then
        return v_resposta;
    end if;
    insert into public.equipes (cliente_id, id, nome) values (p_cliente_id, v_id, btrim(p_nome));
    perform interno.equipe_membros_definir(p_cliente_id, v_id, coalesce(p_membros, '{}'));
    perform interno.auditar(p_cliente_id, 'equipe_criada', 'equipes', v_id);
    return interno.idempotencia_fechar(
        p_cliente_id, 'equipe_criar', p_chave_idempotencia, interno.equipes_json(p_cliente_id, array[v_id]) -> 0
    );
end
$$;
comment on function api.equipe_criar(uuid, text, text, uuid[], text) is
'Cria uma equipe com seus membros.
Erros: ZAG01 sessão inválida; ZPG01 sem permissão; ZCI04 nome já usado; ZNI02 membro não encontrado; ZCG03 chave de idempotência.
Efeitos: equipes, equipes_membros, auditoria, eventos, chaves_idempotencia.
Desde: 0.1.0';
