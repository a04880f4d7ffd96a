/* pgmigrate-encoding: utf-8 */
create or replace function interno.entrada_reabrir(p_cliente_id uuid, p_itens jsonb, p_agora timestamptz) returns uuid[]
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_conversa public.conversas;
    v_reabertas uuid[] := '{}';
begin
    for v_conversa in
        with pares as materialized (
            select (i.value ->> 'conexaoId')::uuid as conexao_id, (i.value ->> 'contatoId')::uuid as contato_id,
                least(min((i.value ->> 'ocorridoEm')::timestamptz), p_agora) as primeira
            from jsonb_array_elements(p_itens) as i (value)
            group by 1, 2
        )
        select v.*
        from pares as p
        join public.conexoes as x on x.cliente_id = p_cliente_id and x.id = p.conexao_id and x.reabertura = 'REABRIR' and x.reabertura_horas > 0
        cross join lateral (
            select r.id from public.conversas as r
            where r.cliente_id = p_cliente_id and r.conexao_id = p.conexao_id and r.contato_id = p.contato_id and r.status = 'RESOLVIDA' and r.fundida_em_id is null
                and p.primeira < r.resolvida_em + x.reabertura_horas * interval '1 hour'
            order by r.resolvida_em desc, r.id desc
            limit 1
        ) as u
        join public.conversas as v on v.cliente_id = p_cliente_id and v.id = u.id and v.status = 'RESOLVIDA' and v.fundida_em_id is null
        where not exists (
            select from public.conversas as a
            where a.cliente_id = p_cliente_id and a.conexao_id = p.conexao_id and a.contato_id = p.contato_id and a.status <> 'RESOLVIDA'
            offset 0
        )
        order by v.id
        for no key update of v
    loop
        begin
            v_conversa.status := 'ABERTA';
            perform interno.conversa_gravar(p_cliente_id, v_conversa);
            v_reabertas := v_reabertas || v_conversa.id;
        exception when unique_violation then
            -- somebody began another conversation with this person at this very moment: that one is theirs
            continue;
        end;
    end loop;
    return v_reabertas;
end
$$;
comment on function interno.entrada_reabrir(uuid, jsonb, timestamptz) is
'Reabre as conversas resolvidas a que as mensagens recebidas voltam, como manda a reabertura de cada número: dentro do prazo, contado de quando a pessoa escreveu, e se não há outra aberta. Devolve quais; continuam travadas, com quem as atendeu por último.
Erros: nenhum.
Efeitos: conversas, conversas_historico; trava as linhas até o fim da transação.
Desde: 0.3.0';
