/* pgmigrate-encoding: utf-8 */
create or replace function api.instancia_atualizar(
    p_cliente_id uuid, p_sessao text, p_id uuid, p_versao integer default null, p_nome text default null, p_url_base text default null,
    p_instancia text default null, p_administrada boolean default null, p_credenciais bytea default null, p_reabertura text default null,
    p_reabertura_horas integer default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_conexao public.conexoes;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conexoes:gerir');
    v_conexao := interno.conexao_travar(p_cliente_id, p_id, p_versao);
    if v_conexao.provedor <> 'UAIZAP' then
        raise exception using errcode = 'ZRX17', message = 'esta conexão não é de um aparelho: mude as credenciais', column = 'instancia';
    end if;
    update public.conexoes_instancias as i
    set url_base = coalesce(p_url_base, i.url_base), instancia = coalesce(p_instancia, i.instancia),
        administrada = coalesce(p_administrada, i.administrada)
    where i.cliente_id = p_cliente_id and i.conexao_id = p_id;
    update public.conexoes as x
    set nome = coalesce(btrim(p_nome), x.nome), credenciais = coalesce(p_credenciais, x.credenciais),
        reabertura = coalesce(p_reabertura, x.reabertura), reabertura_horas = coalesce(p_reabertura_horas, x.reabertura_horas)
    where x.cliente_id = p_cliente_id and x.id = p_id
    returning x.* into v_conexao;
    perform interno.instancia_consultar(p_cliente_id, p_id, v_agora);
    perform interno.auditar(p_cliente_id, 'conexao_atualizada', 'conexoes', p_id, jsonb_build_object(
        'nome', v_conexao.nome, 'urlBase', p_url_base, 'credenciaisTrocadas', p_credenciais is not null
    ));
    perform interno.avisar(p_cliente_id, 'conexao_mudou', p_id);
    return interno.conexao_json(v_conexao);
end
$$;
comment on function api.instancia_atualizar(uuid, text, uuid, integer, text, text, text, boolean, bytea, text, integer) is
'Muda nome, servidor, instância tokens (cifrados na borda) ou a reabertura de um aparelho UaiZap; o que vem nulo fica como está.
Erros: ZNX01 conexão não encontrada; ZCG02 versão antiga; ZCX01 nome repetido; ZRX17 a conexão não é de um aparelho; 23514 valor fora da regra.
Efeitos: conexoes, conexoes_instancias, fila, auditoria, eventos.
Desde: 0.2.0';
