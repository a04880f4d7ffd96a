/* pgmigrate-encoding: utf-8 */
create or replace function api.perfil_criar(
    p_cliente_id uuid, p_sessao text, p_nome text, p_visibilidade text, p_permissoes text[],
    p_chave_idempotencia text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_id uuid := uuidv7();
    v_resposta jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'perfis:gerir');
    v_resposta := interno.idempotencia_abrir(
        p_cliente_id, 'perfil_criar', p_chave_idempotencia, jsonb_build_array(p_nome, p_visibilidade, p_permissoes)
    );
    if v_resposta is not null then
        return v_resposta;
    end if;
    perform interno.permissoes_conferir(p_permissoes), interno.concessao_conferir(p_cliente_id, p_permissoes, p_visibilidade);
    insert into public.perfis (cliente_id, id, nome, visibilidade) values (p_cliente_id, v_id, btrim(p_nome), p_visibilidade);
    perform interno.perfil_permissoes_definir(p_cliente_id, v_id, p_permissoes),
        interno.auditar(p_cliente_id, 'perfil_criado', 'perfis', v_id, jsonb_build_object('permissoes', p_permissoes));
    return interno.idempotencia_fechar(
        p_cliente_id, 'perfil_criar', p_chave_idempotencia, interno.perfis_json(p_cliente_id, array[v_id]) -> 0
    );
end
$$;
comment on function api.perfil_criar(uuid, text, text, text, text[], text) is
'Cria um perfil próprio do cliente, com permissões que quem cria também tem.
Erros: ZAG01 sessão inválida; ZPG01 sem permissão; ZPI01 acesso maior que o próprio; ZRI03 permissão que não existe; ZCI01 nome já usado; ZCG03 chave de idempotência.
Efeitos: perfis, perfis_permissoes, auditoria, eventos, chaves_idempotencia.
Desde: 0.1.0';
