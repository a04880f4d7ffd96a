/* pgmigrate-encoding: utf-8 */
-- What each kind of event makes stale at the edge: data, so that whoever publishes events need not know the cache.

create table public.eventos_tipos (
    tipo text constraint eventos_tipos_pkey primary key constraint eventos_tipos_tipo_check check (tipo ~ '^[a-z_]{3,40}$'),
    namespaces text[] not null default '{}' constraint eventos_tipos_namespaces_check
    check (cardinality(namespaces) <= 5 and namespaces <@ array['conversas', 'perfis', 'contatos', 'dashboard', 'relatorios']),
    parte text constraint eventos_tipos_parte_check check (parte in ('conversas', 'contatos')),
    alvo text constraint eventos_tipos_alvo_check check (alvo in ('ALVO', 'CONVERSA')),
    constraint eventos_tipos_parte_alvo_check check ((parte is null) = (alvo is null))
);
comment on table public.eventos_tipos is
'O que cada tipo de evento deixa velho no cache: namespaces inteiros; e, de parte, só as listas e o objeto que o evento aponta (ALVO = alvo_id, CONVERSA = conversa_id). Tipo que não está aqui deixa tudo velho.';
insert into public.eventos_tipos (tipo, namespaces, parte, alvo) values
('conversa_mudou', '{dashboard,relatorios}', 'conversas', 'ALVO'),
('mensagem_mudou', '{dashboard,relatorios}', 'conversas', 'CONVERSA'),
('nota_mudou', '{}', 'conversas', 'CONVERSA'),
('rascunho_mudou', '{}', 'conversas', 'CONVERSA'),
('conversas_mudaram', '{conversas,dashboard,relatorios}', null, null),
('contatos_mudaram', '{conversas,contatos,dashboard}', null, null),
('mencao_mudou', '{conversas}', null, null),
('agendada_mudou', '{conversas}', null, null),
('motivo_mudou', '{conversas}', null, null),
('atendimento_mudou', '{conversas,dashboard,relatorios}', null, null),
('calendario_mudou', '{conversas,perfis}', null, null),
('resposta_mudou', '{conversas}', null, null),
('visao_mudou', '{conversas}', null, null),
('contato_mudou', '{conversas,dashboard}', 'contatos', 'ALVO'),
('contatos_importados', '{conversas,contatos,dashboard}', null, null),
('etiqueta_mudou', '{conversas,contatos}', null, null),
('campanha_mudou', '{dashboard,relatorios}', null, null),
('fila_morta_mudou', '{dashboard}', null, null),
('modelo_mudou', '{}', null, null),
('portfolio_mudou', '{}', null, null),
('conexao_mudou', '{conversas,dashboard}', null, null),
('equipe_criada', '{perfis,conversas,contatos,relatorios}', null, null),
('equipe_atualizada', '{perfis,conversas,contatos,relatorios}', null, null),
('equipe_removida', '{perfis,conversas,contatos,relatorios}', null, null),
('equipe_mudou', '{perfis,conversas,contatos,relatorios}', null, null),
('perfil_criado', '{perfis}', null, null),
('perfil_atualizado', '{perfis}', null, null),
('perfil_removido', '{perfis}', null, null),
('perfil_mudou', '{perfis}', null, null),
('usuario_criado', '{perfis,conversas,contatos,relatorios}', null, null),
('usuario_atualizado', '{perfis,conversas,contatos,relatorios}', null, null),
('usuario_ativado', '{perfis,conversas,contatos,relatorios}', null, null),
('usuario_desativado', '{perfis,conversas,contatos,relatorios}', null, null),
('usuario_mudou', '{perfis,conversas,contatos,relatorios}', null, null),
('sessao_revogada', '{perfis}', null, null),
('sessoes_revogadas', '{perfis}', null, null),
('sessao_mudou', '{perfis}', null, null),
('cliente_ativado', '{perfis}', null, null),
('cliente_desativado', '{perfis}', null, null),
('cliente_mudou', '{perfis}', null, null),
('licenca_mudou', '{perfis}', null, null);
