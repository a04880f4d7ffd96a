/* pgmigrate-encoding: utf-8 */
create or replace function api.eu_obter(p_cliente_id uuid, p_sessao text) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_usuario_id uuid;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'sessao:usar');
    v_usuario_id := interno.usuario_corrente();
    return interno.identidade_json(p_cliente_id, v_usuario_id) || jsonb_build_object(
        'disponibilidade', (
            select u.disponibilidade from public.usuarios as u where u.cliente_id = p_cliente_id and u.id = v_usuario_id
        ),
        'recebeOfertas', exists (
            select from public.equipes_membros as m
            join public.equipes as e on e.cliente_id = p_cliente_id and e.id = m.equipe_id
                and e.ativo and e.distribuicao = 'AUTOMATICA' and e.oferta_segundos > 0
            where m.cliente_id = p_cliente_id and m.usuario_id = v_usuario_id
        ) and interno.usuario_pode(p_cliente_id, v_usuario_id, 'conversas:responder'),
        'preferencias', interno.preferencias_json(p_cliente_id, v_usuario_id)
    );
end
$$;
comment on function api.eu_obter(uuid, text) is
'Quem está usando a sessão: usuário, perfil, permissões, cliente, se recebe conversas, se a fila lhas pode oferecer e o que escolheu para a própria tela.
Erros: ZAG01 sessão inválida.
Efeitos: nenhum.
Desde: 0.1.0';
