/* pgmigrate-encoding: utf-8 */
create or replace function api.campanha_rascunho_obter(p_cliente_id uuid, p_sessao text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    c_numeros constant integer := 200;
    v_campanha jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'campanhas:gerir');
    v_campanha := interno.campanha_json(p_cliente_id, p_id);
    return jsonb_build_object(
        'campanha', v_campanha,
        'modelo', (
            select interno.modelo_json(m) || jsonb_build_object('campos', (
                select coalesce(jsonb_agg(jsonb_build_object(
                    'chave', f.chave, 'especie', f.especie, 'obrigatoria', f.obrigatoria, 'maximo', f.maximo
                ) order by f.posicao), '[]')
                from interno.modelo_campos(m.componentes) as f
            ))
            from public.modelos as m
            where m.cliente_id = p_cliente_id and m.id = (v_campanha ->> 'modeloId')::uuid
        ),
        'numeros', coalesce((
            select jsonb_agg(jsonb_build_object(
                'id', n.id, 'nome', n.nome, 'numero', n.numero_exibicao, 'status', n.status, 'teto', n.teto_por_segundo
            ) order by n.nome, n.id)
            from (
                select x.* from public.conexoes as x
                join public.modelos as m on m.cliente_id = p_cliente_id and m.id = (v_campanha ->> 'modeloId')::uuid
                where x.cliente_id = p_cliente_id and x.removido_em is null
                    and interno.modelo_da_conta(p_cliente_id, m.conexao_id, x.id)
                order by x.nome, x.id
                limit c_numeros
            ) as n
        ), '[]'),
        'campos', coalesce((
            select jsonb_agg(v.campo order by v.campo)
            from (
                select distinct e.key as campo
                from (
                    select c.campos from public.contatos as c
                    where c.cliente_id = p_cliente_id and c.removido_em is null
                    order by c.id desc limit 200
                ) as r
                cross join lateral jsonb_object_keys(r.campos) as e (key)
                where e.key ~ '^[a-zA-Z0-9_]{1,60}$'
                limit 50
            ) as v
        ), '[]')
    );
end
$$;
comment on function api.campanha_rascunho_obter(uuid, text, uuid) is
'Um rascunho com o que os passos mostram: o modelo e seus campos, os números que podem enviá-lo e os campos próprios que os contatos mais novos têm.
Erros: ZNK01.
Efeitos: nenhum.
Desde: 0.3.0';
