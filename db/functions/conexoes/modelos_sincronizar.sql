/* pgmigrate-encoding: utf-8 */
create or replace function api.modelos_sincronizar(p_cliente_id uuid, p_sessao text, p_conexao_id uuid, p_modelos jsonb) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_resposta jsonb;
    v_removidos bigint;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'modelos:sincronizar');
    -- one synchronisation of a connection at a time: an older list must not undo a newer one half way
    perform interno.conexao_travar(p_cliente_id, p_conexao_id);
    with lidos as materialized (select m.* from interno.modelos_ler(p_modelos) as m),
    gravados as (
        insert into public.modelos as a (
            cliente_id, conexao_id, id_externo, nome, idioma, categoria, status, formato, componentes, variaveis
        )
        select p_cliente_id, p_conexao_id, l.id_externo, l.nome, l.idioma, l.categoria, l.status, l.formato, l.componentes, l.variaveis
        from lidos as l where l.aceito
        on conflict (cliente_id, conexao_id, nome, idioma) do update set
            id_externo = excluded.id_externo, categoria = excluded.categoria, status = excluded.status,
            formato = excluded.formato, componentes = excluded.componentes, variaveis = excluded.variaveis
        where (a.id_externo, a.categoria, a.status, a.formato, a.componentes, a.variaveis)
            is distinct from
            (excluded.id_externo, excluded.categoria, excluded.status, excluded.formato, excluded.componentes, excluded.variaveis)
        returning a.versao = 1 as criado
    )
    select jsonb_build_object(
        'total', (select count(*) from lidos as l where l.aceito),
        'criados', (select count(*) from gravados as g where g.criado),
        'atualizados', (select count(*) from gravados as g where not g.criado),
        'ignorados', coalesce((select jsonb_agg(jsonb_build_object('nome', l.nome, 'idioma', l.idioma)) from lidos as l where not l.aceito), '[]')
    ) into v_resposta;
    update public.modelos as a set status = 'DELETED'
    where a.cliente_id = p_cliente_id and a.conexao_id = p_conexao_id and a.status <> 'DELETED'
        and not exists (
            select from jsonb_to_recordset(p_modelos) as m (name text, language text)
            where m.name = a.nome and m.language = a.idioma
        );
    get diagnostics v_removidos = row_count;
    v_resposta := v_resposta || jsonb_build_object('removidos', v_removidos);
    perform interno.auditar(p_cliente_id, 'modelos_sincronizados', 'conexoes', p_conexao_id, v_resposta - 'ignorados');
    perform interno.avisar(p_cliente_id, 'modelo_mudou', p_conexao_id);
    return v_resposta;
end
$$;
comment on function api.modelos_sincronizar(uuid, text, uuid, jsonb) is
'Guarda a lista completa de modelos que o provedor deu para uma conexão; o que sumiu dela fica DELETED.
Erros: ZNX01 conexão não encontrada.
Efeitos: modelos, auditoria, eventos.
Desde: 0.1.0';
