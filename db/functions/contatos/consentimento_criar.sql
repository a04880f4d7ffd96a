/* pgmigrate-encoding: utf-8 */
create or replace function api.consentimento_criar(
    p_cliente_id uuid, p_sessao text, p_contato_id uuid, p_acao text, p_prova text, p_origem text default 'ATENDENTE',
    p_finalidade text default 'MARKETING', p_chave_idempotencia text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_resposta jsonb;
    v_consentimento public.consentimentos;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'contatos:gerir');
    v_resposta := interno.idempotencia_abrir(p_cliente_id, 'consentimento_criar', p_chave_idempotencia,
        jsonb_build_array(p_contato_id, p_acao, p_prova, p_origem, p_finalidade));
    if v_resposta is not null then
        return v_resposta;
    end if;
    perform interno.contato_travar(p_cliente_id, p_contato_id);
    -- the other origins are written by the system itself, and say so
    if p_origem is null or p_origem not in ('ATENDENTE', 'FORMULARIO', 'API') then
        raise exception using errcode = '22023', message = 'origem deve ser ATENDENTE, FORMULARIO ou API', column = 'origem';
    end if;
    insert into public.consentimentos (cliente_id, contato_id, finalidade, acao, origem, prova, registrado_por)
    values (p_cliente_id, p_contato_id, p_finalidade, p_acao, p_origem, btrim(p_prova), interno.usuario_corrente())
    returning * into v_consentimento;
    perform interno.auditar(p_cliente_id, 'consentimento_criado', 'contatos', p_contato_id, jsonb_build_object('acao', p_acao));
    perform interno.avisar(p_cliente_id, 'contato_mudou', p_contato_id);
    return interno.idempotencia_fechar(p_cliente_id, 'consentimento_criar', p_chave_idempotencia,
        interno.consentimento_json(v_consentimento));
end
$$;
comment on function api.consentimento_criar(uuid, text, uuid, text, text, text, text, text) is
'Registra uma concessão ou revogação, com sua prova; o contato e a lista de supressão acompanham.
Erros: ZNC01 contato não encontrado; 22023 origem inválida; 23514 valor fora da regra.
Efeitos: consentimentos, contatos.marketing, supressoes, auditoria, eventos, chaves_idempotencia.
Desde: 0.1.0';
