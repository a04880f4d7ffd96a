/* pgmigrate-encoding: utf-8 */
create or replace function interno.preferencias_json(p_cliente_id uuid, p_usuario_id uuid) returns jsonb
language sql stable security invoker set search_path = ''
as $$
    select jsonb_build_object(
        'atalhos', coalesce(p.atalhos, '{}'), 'atalhosLigados', coalesce(p.atalhos_ligados, true),
        'enviarCom', coalesce(p.enviar_com, 'ENTER'), 'aposEnviar', coalesce(p.apos_enviar, 'FICAR'),
        'som', coalesce(p.som, true), 'avisosNavegador', coalesce(p.avisos_navegador, false),
        'avisosFila', coalesce(p.avisos_fila, false), 'avisosTexto', coalesce(p.avisos_texto, true),
        'silencioDe', interno.hora_texto(p.silencio_de), 'silencioAte', interno.hora_texto(p.silencio_ate),
        'tela', coalesce(p.tela, '{}'), 'versao', coalesce(p.versao, 0)
    )
    from (values (true)) as sempre (ha)
    left join public.preferencias as p on p.cliente_id = p_cliente_id and p.usuario_id = p_usuario_id;
$$;
comment on function interno.preferencias_json(uuid, uuid) is
'O que uma pessoa escolheu para a própria tela; quem nada escolheu tem o de todos, na versão 0.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
