/* pgmigrate-encoding: utf-8 */
create or replace function interno.atendimento_json(p_cliente_id uuid, p_usuario_id uuid) returns jsonb
language plpgsql stable security invoker set search_path = ''
as $$
declare
    v_equipes uuid[] := interno.equipes_da_fila(p_cliente_id, p_usuario_id, null);
begin
    return (
        select jsonb_build_object(
            'disponibilidade', u.disponibilidade, 'disponibilidadeMotivo', u.disponibilidade_motivo, 'disponibilidadeEm', u.disponibilidade_em,
            'capacidade', u.capacidade,
            'emAtendimento', (
                select count(*) from public.conversas as v
                where v.cliente_id = p_cliente_id and v.usuario_id = p_usuario_id and v.status = 'EM_ATENDIMENTO'
            ),
            'naoLidas', (
                select count(*) from (
                    select from public.conversas as v
                    where v.cliente_id = p_cliente_id and v.usuario_id = p_usuario_id and v.status in ('ABERTA', 'EM_ATENDIMENTO')
                        and v.nao_lidas > 0 and not exists (
                            select from public.silenciadas as z
                            where z.cliente_id = p_cliente_id and z.usuario_id = p_usuario_id and z.conversa_id = v.id
                        )
                    limit 1000
                ) as n
            ),
            'naFila', f.quantas, 'esperaDesde', f.desde
        )
        from public.usuarios as u
        cross join lateral (
            select coalesce(sum(q.quantas), 0) as quantas, min(q.desde) as desde
            from (
                select count(*) as quantas, min(x.espera_em) as desde
                from unnest(v_equipes) as e (id)
                cross join lateral (
                    select v.espera_em from public.conversas as v
                    where v.cliente_id = p_cliente_id and v.equipe_id = e.id and v.dono_id is null and interno.conversa_na_fila(v)
                ) as x
                union all
                select count(*), min(v.espera_em) from public.conversas as v
                where v.cliente_id = p_cliente_id and v.equipe_id is null and v.dono_id is null and interno.conversa_na_fila(v)
                union all
                select count(*), min(v.espera_em) from public.conversas as v
                where v.cliente_id = p_cliente_id and v.dono_id = p_usuario_id and interno.conversa_na_fila(v)
            ) as q
        ) as f
        where u.cliente_id = p_cliente_id and u.id = p_usuario_id
    );
end
$$;
comment on function interno.atendimento_json(uuid, uuid) is
'A mesa de uma pessoa: como está, quantas conversas atende e pode atender, quantas das suas abertas, fora as que silenciou, não leu (até 1000), quantas esperam nas filas de que ela se serve e desde quando a mais antiga.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
