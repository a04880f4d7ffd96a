/* pgmigrate-encoding: utf-8 */
create or replace function interno.conversas_json(p_cliente_id uuid, p_ids uuid[]) returns jsonb
language plpgsql stable security invoker set search_path = '' set plan_cache_mode = 'force_generic_plan' set join_collapse_limit = 1
as $$
begin
    return (
        select coalesce(jsonb_agg(jsonb_build_object(
            'id', v.id, 'conexaoId', v.conexao_id, 'conexaoNome', x.nome, 'canal', x.canal,
            'contato', jsonb_build_object('id', c.id, 'nome', c.nome, 'telefone', c.telefone, 'bloqueado', c.bloqueado),
            'usuarioId', v.usuario_id, 'usuarioNome', u.nome, 'equipeId', v.equipe_id, 'equipeNome', q.nome,
            'status', v.status, 'controle', v.controle, 'prioridade', v.prioridade, 'naoLidas', v.nao_lidas, 'esperaDesde', v.espera_desde,
            'filaEm', v.fila_em, 'adiadaAte', v.adiada_ate, 'janelaExpiraEm', v.janela_expira_em, 'ultimaMensagemEm', v.ultima_mensagem_em,
            'ultimaMensagem', case when m.id is not null then jsonb_build_object(
                'id', m.id, 'direcao', m.direcao, 'origem', m.origem, 'tipo', m.tipo, 'status', m.status,
                'previa', interno.mensagem_previa(m.tipo, m.corpo, m.apagado_em), 'tique', interno.mensagem_tique(m), 'ocorridoEm', m.ocorrido_em
            ) end,
            'etiquetas', (
                select coalesce(jsonb_agg(jsonb_build_object('id', e.id, 'nome', e.nome, 'cor', e.cor) order by e.nome), '[]')
                from public.conversas_etiquetas as ce
                join public.etiquetas as e on e.cliente_id = p_cliente_id and e.id = ce.etiqueta_id
                where ce.cliente_id = p_cliente_id and ce.conversa_id = v.id
            ),
            'versao', v.versao, 'criadoEm', v.criado_em
        ) order by l.n), '[]')
        from unnest(p_ids) with ordinality as l (id, n)
        join public.conversas as v on v.cliente_id = p_cliente_id and v.id = l.id
        join public.contatos as c on c.cliente_id = p_cliente_id and c.id = v.contato_id
        join public.conexoes as x on x.cliente_id = p_cliente_id and x.id = v.conexao_id
        left join public.usuarios as u on u.cliente_id = p_cliente_id and u.id = v.usuario_id
        left join public.equipes as q on q.cliente_id = p_cliente_id and q.id = v.equipe_id
        left join public.mensagens as m on m.cliente_id = p_cliente_id and m.id = v.ultima_mensagem_id
    );
end
$$;
comment on function interno.conversas_json(uuid, uuid[]) is
'Conversas como a lista as mostra, na ordem dos ids: pessoa, número, dono, última mensagem, etiquetas; as mesmas para quem quer que as veja.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
