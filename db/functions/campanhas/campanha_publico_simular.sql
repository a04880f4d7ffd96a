/* pgmigrate-encoding: utf-8 */
create or replace function api.campanha_publico_simular(
    p_cliente_id uuid, p_sessao text, p_filtro jsonb default '{}', p_id uuid default null, p_amostra integer default 5
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'campanhas:gerir');
    perform interno.campanha_publico_filtro(p_cliente_id, null, p_filtro);
    if p_id is not null and not exists (select from public.campanhas as k where k.cliente_id = p_cliente_id and k.id = p_id) then
        raise exception using errcode = 'ZNK01', message = 'campanha não encontrada';
    end if;
    return (
        with alvos as materialized (
            select c.id, c.nome, c.telefone, interno.publico_motivo(c, true) as motivo
            from public.contatos as c
            where c.cliente_id = p_cliente_id and interno.visivel(p_cliente_id, c.responsavel_id, c.equipe_id)
                and c.id in (
                    select interno.campanha_contatos(p_cliente_id, p_id) where p_id is not null
                    union all
                    select interno.publico_contatos(p_cliente_id, p_filtro) where p_id is null
                )
        )
        select jsonb_build_object(
            'total', (select count(*) from alvos),
            'podem', (select count(*) from alvos as a where a.motivo is null),
            'pulados', coalesce((
                select jsonb_object_agg(p.motivo, p.n)
                from (select a.motivo, count(*) as n from alvos as a where a.motivo is not null group by a.motivo) as p
            ), '{}'),
            'amostra', coalesce((
                select jsonb_agg(jsonb_build_object('contatoId', s.id, 'nome', s.nome, 'telefone', s.telefone) order by s.id desc)
                from (
                    select a.* from alvos as a where a.motivo is null order by a.id desc limit least(greatest(p_amostra, 0), 20)
                ) as s
            ), '[]')
        )
    );
end
$$;
comment on function api.campanha_publico_simular(uuid, text, jsonb, uuid, integer) is
'Quantas pessoas um filtro de público alcança agora (ou o público guardado de p_id), quantas podem receber marketing, por que as outras não, e algumas delas.
Erros: ZNK01; ZNE01; ZRK08 filtro.
Efeitos: nenhum.
Desde: 0.3.0';
