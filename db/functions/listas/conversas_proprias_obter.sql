/* pgmigrate-encoding: utf-8 */
create or replace function api.conversas_proprias_obter(p_cliente_id uuid, p_sessao text, p_filtros jsonb default '{}') returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    c_maximo constant integer := 200;
    c_silenciadas constant integer := 1000;
    v_usuario_id uuid;
    v_filtros public.conversas_filtros;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:ler');
    v_usuario_id := interno.usuario_corrente();
    v_filtros := interno.conversas_filtros_ler(p_filtros);
    v_filtros.aba := 'MENCOES';
    return jsonb_build_object(
        'rascunhos', (
            select coalesce(jsonb_agg(jsonb_build_object('conversaId', x.conversa_id, 'texto', left(x.texto, 300), 'nota', x.nota)), '[]')
            from (
                select r.conversa_id, r.texto, r.nota from public.rascunhos as r
                where r.cliente_id = p_cliente_id and r.usuario_id = v_usuario_id
                order by r.atualizado_em desc limit c_maximo
            ) as x
        ),
        'mencoes', (
            select coalesce(jsonb_agg(jsonb_build_object('conversaId', x.conversa_id, 'quantas', x.quantas)), '[]')
            from (
                select n.conversa_id, count(*) as quantas from public.mencoes as n
                where n.cliente_id = p_cliente_id and n.usuario_id = v_usuario_id and n.lida_em is null
                group by n.conversa_id order by max(n.criado_em) desc limit c_maximo
            ) as x
        ),
        'silenciadas', (
            select coalesce(jsonb_agg(x.conversa_id), '[]')
            from (
                select z.conversa_id from public.silenciadas as z
                where z.cliente_id = p_cliente_id and z.usuario_id = v_usuario_id
                order by z.criado_em desc limit c_silenciadas
            ) as x
        ),
        'ofertas', (
            select coalesce(jsonb_agg(jsonb_build_object(
                'conversaId', x.conversa_id, 'usuarioId', x.usuario_id, 'nome', x.nome, 'segundos', x.segundos
            )), '[]')
            from (
                select o.conversa_id, o.usuario_id, u.nome, round(extract(epoch from o.expira_em - o.oferecida_em))::integer as segundos
                from public.ofertas as o
                join public.conversas as v on v.cliente_id = p_cliente_id and v.id = o.conversa_id
                join public.usuarios as u on u.cliente_id = p_cliente_id and u.id = o.usuario_id
                where o.cliente_id = p_cliente_id and o.fim is null and o.expira_em > now()
                    and interno.visivel(p_cliente_id, v.usuario_id, v.equipe_id)
                order by o.expira_em limit c_maximo
            ) as x
        ),
        'mencionadas', interno.conversas_quantas(p_cliente_id, v_filtros),
        'variosNumeros', (
            select count(*) > 1
            from (select from public.conexoes as k where k.cliente_id = p_cliente_id and k.removido_em is null limit 2) as n
        )
    );
end
$$;
comment on function api.conversas_proprias_obter(uuid, text, jsonb) is
'O que a caixa de entrada tem de quem pede, e o que passa depressa, para pôr sobre a lista: rascunhos e menções por ler, por conversa, os 200 mais novos de cada; as 1000 últimas que silenciou; a quem, e por quantos segundos, a fila oferece agora as que ele vê (até 200); quantas conversas a aba das menções daria com estes filtros; e se a empresa tem mais de um número, o que faz cada cartão dizer o seu.
Erros: ZAG01 sessão inválida; 22* filtro ou busca inválidos.
Efeitos: nenhum.
Desde: 0.3.0';
