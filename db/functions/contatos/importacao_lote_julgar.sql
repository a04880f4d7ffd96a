/* pgmigrate-encoding: utf-8 */
create or replace function interno.importacao_lote_julgar(
    p_cliente_id uuid, p_id uuid, p_ordem integer, p_linhas jsonb, p_agora timestamptz
) returns jsonb
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_recusadas jsonb;
begin
    with julgadas as materialized (
        select l.linha, l.motivo from interno.contatos_linhas_ler(p_linhas) as l
    ),
    separadas as materialized (
        select x.value as dados, j.linha, j.motivo, c.celulas
        from jsonb_array_elements(p_linhas) as x
        join julgadas as j on j.linha = (x.value ->> 'linha')::integer
        left join (
            select r.linha, r.celulas
            from public.importacoes_lotes as k
            cross join lateral jsonb_to_recordset(k.cruas) as r (linha integer, celulas jsonb)
            where k.cliente_id = p_cliente_id and k.importacao_id = p_id and k.ordem = p_ordem
        ) as c on c.linha = j.linha
    )
    update public.importacoes_lotes as k set
        lida_em = p_agora,
        lidas = (select coalesce(jsonb_agg(s.dados order by s.linha) filter (where s.motivo is null), '[]') from separadas as s),
        recusadas = (
            select coalesce(jsonb_agg(s.dados - 'telefone' || jsonb_build_object('motivo', s.motivo, 'celulas', s.celulas) order by s.linha)
                filter (where s.motivo is not null), '[]')
            from separadas as s
        ),
        motivos = (
            select coalesce(jsonb_object_agg(m.motivo, m.quantas), '{}')
            from (select s.motivo, count(*) as quantas from separadas as s where s.motivo is not null group by s.motivo) as m
        ),
        existentes = (
            select count(*) from separadas as s
            where s.motivo is null and exists (
                select from public.contatos as c
                where c.cliente_id = p_cliente_id and c.telefone = s.dados ->> 'telefone' and c.removido_em is null
            )
        )
    where k.cliente_id = p_cliente_id and k.importacao_id = p_id and k.ordem = p_ordem
    returning k.recusadas into v_recusadas;
    return v_recusadas;
end
$$;
comment on function interno.importacao_lote_julgar(uuid, uuid, integer, jsonb, timestamptz) is
'Separa as linhas de um lote nas que podem entrar e nas que não, com o motivo, e conta quantas já são contatos.
Erros: 22* quando não é uma lista de objetos.
Efeitos: importacoes_lotes.
Desde: 0.3.0';
