/* pgmigrate-encoding: utf-8 */
create or replace function worker.limite_obter(p_cliente_id uuid, p_conexao_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_limite jsonb;
begin
    perform interno.contexto_trabalho(p_cliente_id);
    insert into public.limites (cliente_id, conexao_id)
    select c.cliente_id, c.id
    from public.conexoes as c
    where c.cliente_id = p_cliente_id and c.id = p_conexao_id
        and not exists (select from public.limites as l where l.cliente_id = p_cliente_id and l.conexao_id = p_conexao_id)
    on conflict on constraint limites_pkey do nothing;
    select jsonb_build_object(
        'epoca', l.epoca, 'autoridade', l.autoridade,
        'teto', interno.teto_efetivo(p_cliente_id, p_conexao_id, c.teto_por_segundo, v_agora), 'tetoNumero', c.teto_por_segundo,
        'entradaPorSegundo', (select i.por_segundo from interno.entrada_obter(p_cliente_id, p_conexao_id, v_agora) as i),
        'emVoo', (
            select count(*) from public.fila as f
            where f.cliente_id = p_cliente_id and f.conexao_id = p_conexao_id
                and f.reservado_ate is not null and f.intencao_em is not null
        )
    )
    into v_limite
    from public.limites as l
    join public.conexoes as c on c.cliente_id = p_cliente_id and c.id = p_conexao_id
    where l.cliente_id = p_cliente_id and l.conexao_id = p_conexao_id;
    if v_limite is null then
        raise exception using errcode = 'ZNX01', message = 'conexão não encontrada', column = 'conexaoId';
    end if;
    return v_limite;
end
$$;
comment on function worker.limite_obter(uuid, uuid) is
'Época, autoridade e teto efetivo (descontado o que chega e o freio) que valem agora para um número, e quantos envios têm intenção gravada sem desfecho (o máximo que pode estar no ar).
Erros: ZNX01 conexão não encontrada.
Efeitos: limites, na primeira vez.
Desde: 0.1.0';
