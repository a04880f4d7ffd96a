/* pgmigrate-encoding: utf-8 */
create or replace function interno.envio_apurar(p_cliente_id uuid, p_alvos uuid[], p_tentativas uuid[])
returns table (
    alvo_id uuid, conexao_id uuid, para text, falhou boolean, id_externo text, enviado_em timestamptz, entregue_em timestamptz,
    lido_em timestamptz, falhou_em timestamptz, erro_codigo integer, erro_texto text
)
language sql stable security invoker set search_path = '' rows 50
as $$
    with por_tentativa as (
        select t.alvo_id, t.conexao_id, t.para, t.id as tentativa_id,
            max(s.id_externo) as id_externo,
            least(min(s.ocorrido_em), min(t.terminada_em) filter (where t.desfecho = 'ACEITO')) as enviado_em,
            min(s.ocorrido_em) filter (where s.status in ('delivered', 'read', 'played')) as entregue_em,
            min(s.ocorrido_em) filter (where s.status in ('read', 'played')) as lido_em,
            min(s.ocorrido_em) filter (where s.status = 'failed') as falhou_em,
            max(s.erro_codigo) filter (where s.status = 'failed') as erro_codigo,
            max(s.erro_texto) filter (where s.status = 'failed') as erro_texto,
            -- delivered beats failed: with several devices both may come, in any order
            bool_or(s.status = 'failed') and not bool_or(s.status in ('delivered', 'read', 'played')) as falhou
        from public.tentativas as t
        cross join lateral (
            select r.* from public.status_recebidos as r
            where r.cliente_id = p_cliente_id and r.tentativa_id = t.id and r.conexao_id = t.conexao_id
            union all
            select r.* from public.status_recebidos as r
            where r.cliente_id = p_cliente_id and r.conexao_id = t.conexao_id and r.id_externo = t.id_externo
                and r.tentativa_id is null
        ) as s
        where t.cliente_id = p_cliente_id and t.alvo_id = any (p_alvos)
        group by t.alvo_id, t.conexao_id, t.para, t.id
    )
    -- the last attempt decides, unless an earlier one turns out to have arrived
    select distinct on (p.alvo_id)
        p.alvo_id, p.conexao_id, p.para, p.falhou, p.id_externo, p.enviado_em, p.entregue_em, p.lido_em, p.falhou_em,
        p.erro_codigo, p.erro_texto
    from por_tentativa as p
    where not p.falhou or p.tentativa_id = any (p_tentativas)
    order by p.alvo_id, p.falhou, p.tentativa_id desc;
$$;
comment on function interno.envio_apurar(uuid, uuid[], uuid[]) is
'O que os status recebidos provam de cada alvo (p_tentativas: a última tentativa de cada um). É função do conjunto deles, não da ordem em que chegaram.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.1.0';
