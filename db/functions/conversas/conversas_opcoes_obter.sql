/* pgmigrate-encoding: utf-8 */
create or replace function api.conversas_opcoes_obter(p_cliente_id uuid, p_sessao text) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    c_maximo constant integer := 500;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:ler');
    return jsonb_build_object(
        'pessoas', (
            select coalesce(jsonb_agg(jsonb_build_object('id', u.id, 'nome', u.nome, 'disponibilidade', u.disponibilidade) order by u.nome), '[]')
            from (
                select p.id, p.nome, p.disponibilidade
                from public.usuarios as p
                where p.cliente_id = p_cliente_id and p.ativo and interno.usuario_pode(p_cliente_id, p.id, 'conversas:responder')
                order by p.nome
                limit c_maximo
            ) as u
        ),
        'equipes', (
            select coalesce(jsonb_agg(jsonb_build_object('id', e.id, 'nome', e.nome) order by e.nome), '[]')
            from (select q.id, q.nome from public.equipes as q where q.cliente_id = p_cliente_id and q.ativo order by q.nome limit c_maximo) as e
        ),
        'numeros', (
            select coalesce(jsonb_agg(jsonb_build_object('id', x.id, 'nome', x.nome) order by x.nome), '[]')
            from (select k.id, k.nome from public.conexoes as k where k.cliente_id = p_cliente_id order by k.nome limit c_maximo) as x
        ),
        'etiquetas', (
            select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'nome', t.nome, 'cor', t.cor) order by t.nome), '[]')
            from (select l.id, l.nome, l.cor from public.etiquetas as l where l.cliente_id = p_cliente_id order by l.nome limit c_maximo) as t
        ),
        'campanhas', case when interno.usuario_pode(p_cliente_id, interno.usuario_corrente(), 'campanhas:ler') then (
            select coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'nome', g.nome) order by g.id desc), '[]')
            from (
                select h.id, h.nome from public.campanhas as h
                where h.cliente_id = p_cliente_id and h.iniciada_em is not null
                order by h.id desc
                limit c_maximo
            ) as g
        ) else '[]' end,
        'motivos', (
            select coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'nome', m.nome) order by m.id), '[]')
            from (
                select r.id, r.nome from public.motivos_resolucao as r
                where r.cliente_id = p_cliente_id and r.ativo order by r.id limit c_maximo
            ) as m
        )
    );
end
$$;
comment on function api.conversas_opcoes_obter(uuid, text) is
'O que se pode escolher ao filtrar conversas e ao agir sobre elas: quem as responde, equipes ativas, números, etiquetas, motivos de resolução e, para quem vê campanhas, as que já começaram, da mais nova para a mais velha (até 500 de cada).
Erros: ZAG01 sessão inválida; ZPG01 sem permissão.
Efeitos: nenhum.
Desde: 0.3.0';
