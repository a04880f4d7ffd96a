/* pgmigrate-encoding: utf-8 */
create or replace function interno.entrada_conversas(p_cliente_id uuid, p_itens jsonb) returns jsonb
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_itens jsonb;
    v_chegadas uuid[];
    v_criadas uuid[];
begin
    loop
        v_chegadas := interno.entrada_reabrir(p_cliente_id, p_itens, v_agora);
        with pares as materialized (
            select (i.value ->> 'conexaoId')::uuid as conexao_id, (i.value ->> 'contatoId')::uuid as contato_id,
                min((i.value ->> 'ocorridoEm')::timestamptz) as primeira
            from jsonb_array_elements(p_itens) as i (value)
            group by 1, 2
        ), criadas as (
            insert into public.conversas (cliente_id, conexao_id, contato_id, ultima_mensagem_em)
            select p_cliente_id, p.conexao_id, p.contato_id, least(p.primeira, v_agora)
            from pares as p
            where not exists (
                select from public.conversas as v
                where v.cliente_id = p_cliente_id and v.conexao_id = p.conexao_id and v.contato_id = p.contato_id and v.status <> 'RESOLVIDA'
                offset 0
            )
            order by p.conexao_id, p.contato_id
            on conflict (cliente_id, conexao_id, contato_id) where status <> 'RESOLVIDA' do nothing
            returning id
        )
        select array_agg(c.id) into v_criadas from criadas as c;
        v_chegadas := v_chegadas || v_criadas;
        if cardinality(v_chegadas) > 0 then
            perform interno.conversas_entrar(p_cliente_id, v_chegadas, v_agora);
        end if;
        with pares as materialized (
            select distinct (i.value ->> 'conexaoId')::uuid as conexao_id, (i.value ->> 'contatoId')::uuid as contato_id
            from jsonb_array_elements(p_itens) as i (value)
        ), travadas as materialized (
            select v.id, v.conexao_id, v.contato_id
            from pares as p
            join public.conversas as v
                on v.cliente_id = p_cliente_id and v.conexao_id = p.conexao_id and v.contato_id = p.contato_id and v.status <> 'RESOLVIDA'
            order by v.id
            for no key update of v
        )
        select jsonb_agg(i.value || jsonb_build_object('conversaId', t.id) order by i.n) into v_itens
        from jsonb_array_elements(p_itens) with ordinality as i (value, n)
        join travadas as t
            on t.conexao_id = (i.value ->> 'conexaoId')::uuid and t.contato_id = (i.value ->> 'contatoId')::uuid;
        -- one that was resolved between the two statements: it is reopened, or a new one is opened
        exit when jsonb_array_length(v_itens) = jsonb_array_length(p_itens);
    end loop;
    return v_itens;
end
$$;
comment on function interno.entrada_conversas(uuid, jsonb) is
'Dá conversaId a cada item: a conversa aberta da pessoa com o número; se não há, a resolvida se reabre (entrada_reabrir) ou se cria outra, na equipe do número (tg_conversas__equipe). Devolve com as conversas travadas.
Erros: nenhum.
Efeitos: conversas, conversas_historico; trava as linhas até o fim da transação.
Desde: 0.2.0';
