/* pgmigrate-encoding: utf-8 */
create or replace function interno.conexao_consulta_agendar(p_cliente_id uuid, p_conexao_id uuid, p_agora timestamptz) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    -- what is being asked right now may have been answered before this happened: a new fence makes it be asked again
    insert into public.fila as f (cliente_id, tipo, conexao_id, prioridade, executar_em, alvo_id)
    select p_cliente_id, 'conexao_consultar', x.id, 7, p_agora, x.id
    from public.conexoes as x
    where x.cliente_id = p_cliente_id and x.id = p_conexao_id and x.provedor = 'META_API'
        and x.status <> 'DESATIVADA' and x.removido_em is null
    on conflict (cliente_id, tipo, alvo_id) do update
    set executar_em = least(f.executar_em, excluded.executar_em), reservado_por = null, reservado_ate = null, cerca = f.cerca + 1,
        tentativas = 0;
end
$$;
comment on function interno.conexao_consulta_agendar(uuid, uuid, timestamptz) is
'Pede ao worker que pergunte ao provedor, a partir de p_agora, como está um número Meta; depois ele mesmo volta de 20 em 20 minutos.
Erros: nenhum.
Efeitos: fila.
Desde: 0.2.0';
