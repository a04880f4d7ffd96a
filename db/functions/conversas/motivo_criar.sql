/* pgmigrate-encoding: utf-8 */
create or replace function api.motivo_criar(p_cliente_id uuid, p_sessao text, p_nome text, p_chave_idempotencia text default null) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_resposta jsonb;
    v_motivo public.motivos_resolucao;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'atendimento:gerir');
    v_resposta := interno.idempotencia_abrir(p_cliente_id, 'motivo_criar', p_chave_idempotencia, jsonb_build_array(p_nome));
    if v_resposta is not null then
        return v_resposta;
    end if;
    insert into public.motivos_resolucao (cliente_id, nome) values (p_cliente_id, btrim(p_nome)) returning * into v_motivo;
    perform interno.auditar(p_cliente_id, 'motivo_criado', 'motivos_resolucao', v_motivo.id),
        interno.avisar(p_cliente_id, 'motivo_mudou', v_motivo.id);
    return interno.idempotencia_fechar(p_cliente_id, 'motivo_criar', p_chave_idempotencia, interno.motivo_json(v_motivo));
end
$$;
comment on function api.motivo_criar(uuid, text, text, text) is
'Cria um motivo de resolução.
Erros: ZCV21 nome repetido; ZRV60 tamanho do nome; ZCG03 chave de idempotência.
Efeitos: motivos_resolucao, auditoria, eventos, chaves_idempotencia.
Desde: 0.3.0';
