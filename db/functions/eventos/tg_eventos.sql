/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_eventos() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    c_muitas constant integer := 100;
    c_alvo constant text := tg_argv[1];
    c_alcance constant text := tg_argv[2];
    c_ignoradas constant text[] := string_to_array(tg_argv[4], ' ');
    v_linhas jsonb[];
    v_quantas bigint;
    r_cliente record;
begin
    if tg_op = 'DELETE' then
        select count(*) into v_quantas from velhas;
    else
        select count(*) into v_quantas from novas;
    end if;
    if v_quantas = 0 then
        return null;
    elsif v_quantas > c_muitas then
        if tg_op = 'DELETE' then
            select array_agg(distinct to_jsonb(v) -> 'cliente_id') into v_linhas from velhas as v;
        else
            select array_agg(distinct coalesce(to_jsonb(n) -> 'cliente_id', to_jsonb(n) -> 'id')) into v_linhas from novas as n;
        end if;
        for r_cliente in select (x.id #>> '{}')::uuid as id from unnest(v_linhas) as x (id) loop
            perform interno.eventos_em_massa(r_cliente.id, tg_argv[3], c_alcance);
        end loop;
        return null;
    end if;
    if tg_op = 'INSERT' then
        select array_agg(to_jsonb(n)) into v_linhas from novas as n;
    elsif tg_op = 'DELETE' then
        select array_agg(to_jsonb(v)) into v_linhas from velhas as v;
    else
        -- both versions of a row that somebody can see to have changed; a row whose key changed counts, too
        with n as (select to_jsonb(x) as linha from novas as x),
        v as (select to_jsonb(x) as linha from velhas as x)
        select array_agg(m.linha) into v_linhas from (
            select unnest(array[n.linha, v.linha]) as linha
            from n
            full join v
                on coalesce(n.linha -> 'cliente_id', 'null') = coalesce(v.linha -> 'cliente_id', 'null') and n.linha -> 'id' = v.linha -> 'id'
            where n.linha - c_ignoradas is distinct from v.linha - c_ignoradas
        ) as m
        where m.linha is not null;
    end if;
    for r_cliente in
        select coalesce(x.linha ->> 'cliente_id', x.linha ->> 'id')::uuid as id,
            array_agg((x.linha ->> c_alvo)::uuid) as alvos, array_agg((x.linha ->> 'conversa_id')::uuid) as conversas,
            array_agg(coalesce(x.linha ->> 'usuario_id', x.linha ->> 'responsavel_id')::uuid) as donos,
            array_agg((x.linha ->> 'equipe_id')::uuid) as equipes
        from unnest(v_linhas) as x (linha)
        group by 1
    loop
        perform interno.eventos_emitir(
            r_cliente.id, tg_argv[0], c_alcance, r_cliente.alvos, r_cliente.conversas, r_cliente.donos, r_cliente.equipes
        );
    end loop;
    return null;
end
$$;
comment on function interno.tg_eventos() is
'Conta o que um comando mudou, uma vez por alvo (argumentos em interno.eventos_seguir); mais de cem linhas são um evento só, cujo alvo é o cliente.
Erros: nenhum.
Efeitos: eventos.
Desde: 0.3.0';
