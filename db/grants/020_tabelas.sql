/* pgmigrate-encoding: utf-8 */
-- What the owners of functions may do with tables. Login roles appear nowhere here: they have no table privilege.
grant usage on schema migracao to crm_definidor;
grant select on migracao.schema_version to crm_definidor;

grant select on
    public.permissoes, public.transicoes, public.provedor_erros, public.provedor_erros_textos, public.provedor_erros_faixas,
    public.provedor_classes, public.mensagens_motivos, public.midias_tipos, public.fila_tipos, public.eventos_tipos, public.planos, public.clientes
to crm_definidor, crm_fila, crm_porta, crm_gestor;
grant select on public.licencas, public.perfis, public.perfis_permissoes to crm_definidor, crm_fila, crm_porta, crm_gestor;

grant insert, update, delete on public.perfis, public.perfis_permissoes to crm_definidor;
grant select, insert, update on public.usuarios, public.logins, public.equipes, public.sessoes to crm_definidor;
grant delete on public.equipes to crm_definidor;
grant select, insert, delete on public.equipes_membros to crm_definidor;
grant select, insert on public.sessoes_renovacoes to crm_definidor;
grant select, insert, update, delete on public.convites to crm_definidor;
-- its own name and time zone; the plan and the state are the platform's
grant update (nome, fuso, sla_minutos, versao, atualizado_em) on public.clientes to crm_definidor;
grant select, insert, update, delete on public.tentativas_login to crm_definidor, crm_porta;
grant select, insert, update, delete on public.chaves_idempotencia to crm_definidor;
grant select, insert on public.auditoria, public.eventos to crm_definidor;
grant select, insert, update on
    public.conexoes, public.modelos, public.contatos, public.conversas, public.mensagens,
    public.campanhas, public.campanhas_log, public.fila_morta
to crm_definidor;
grant delete on public.modelos, public.conversas, public.mensagens to crm_definidor;
grant select, insert, update, delete on
    public.contatos_identidades, public.etiquetas, public.contatos_etiquetas, public.campanhas_publico, public.fila
to crm_definidor;
grant select, insert on public.consentimentos, public.entregas_decisoes to crm_definidor;
grant select, insert, update on public.midias, public.midias_provedor, public.mensagens_agendadas to crm_definidor, crm_fila;
-- delete: a new consent, with its proof, lifts the refusal
grant select, insert, delete on public.supressoes to crm_definidor, crm_fila;
grant select, insert, update on public.contatos_totais to crm_definidor, crm_fila;
grant select on public.tentativas, public.status_recebidos, public.webhooks_recebidos, public.processos, public.pares to crm_definidor;
-- a dead webhook that somebody requeues waits again; one that is given up is so marked
grant update on public.webhooks_recebidos to crm_definidor;
grant select, insert on public.ocorrencias to crm_definidor;
grant select, delete on public.contatos_falhas to crm_definidor;
grant select, insert, update, delete on public.conexoes_instancias to crm_definidor;

grant select (cliente_id, id, nome_busca, telefone, removido_em) on public.contatos to crm_busca;
grant select (cliente_id, id, contato_id, tipo, valor) on public.contatos_identidades to crm_busca;
grant execute on function interno.texto_busca(text), interno.busca_padrao(text), interno.telefone_formas(text),
    interno.contatos_ids_do_numero(uuid, text) to crm_busca;
grant select on public.mensagens_busca to crm_busca;
grant execute on function interno.busca_consulta(text) to crm_busca;

grant select on public.usuarios, public.logins to crm_porta;
-- a lock needs update: who enters holds the login still, so that a new password ends every session of the old one
grant update (cliente_id) on public.logins to crm_porta;
grant select, insert on public.sessoes to crm_porta;
grant select on public.conexoes, public.conexoes_instancias to crm_porta;
grant select, insert on public.webhooks_recebidos, public.webhooks_quarentena, public.fila, public.auditoria to crm_porta;
-- what is given to those it is for leaves quarantine
grant update, delete on public.webhooks_quarentena to crm_porta;
grant select, update on public.webhooks_quarentena to crm_gestor;

grant select, insert, update, delete on public.fila to crm_fila;
grant select, insert, update on
    public.fila_morta, public.campanhas, public.campanhas_log, public.tentativas, public.conexoes, public.modelos,
    public.status_recebidos, public.webhooks_recebidos, public.processos, public.conversas, public.mensagens,
    public.contatos_falhas, public.pares
to crm_fila;
grant delete on public.processos to crm_fila;
grant select, insert, update on public.conexoes_instancias to crm_fila;
grant update on public.contatos_identidades to crm_fila;
grant select, insert, update on public.campanhas_totais, public.campanhas_motivos to crm_definidor, crm_fila;
grant select, insert on public.campanhas_retornos to crm_definidor, crm_fila;
grant select on public.contatos, public.contatos_etiquetas, public.etiquetas, public.campanhas_publico to crm_fila;
grant insert, update on public.contatos to crm_fila;
grant select, insert on
    public.contatos_identidades, public.consentimentos, public.auditoria, public.eventos, public.ocorrencias
to crm_fila;

grant select, insert, update on
    public.clientes, public.licencas, public.perfis, public.perfis_permissoes, public.usuarios, public.logins, public.sessoes
to crm_gestor;
grant select, insert on public.auditoria, public.eventos to crm_gestor;

-- the inbox
grant select, insert, delete on public.conversas_etiquetas to crm_definidor;
grant select, insert on public.conversas_historico to crm_definidor, crm_fila;
grant select, insert, update, delete on public.motivos_resolucao to crm_definidor;
grant select on public.motivos_resolucao to crm_fila;
grant select, insert on public.motivos_resolucao to crm_gestor;
grant select, insert, update on public.notas, public.mencoes to crm_definidor;
grant delete on public.mencoes to crm_definidor;
grant select, insert, update, delete on public.respostas_rapidas, public.respostas_rapidas_midias to crm_definidor;
grant select, insert, update, delete on public.rascunhos to crm_definidor;
grant select on public.eventos_totais to crm_definidor;
grant select, insert, update on public.eventos_totais to crm_fila;
grant update, delete on public.eventos to crm_fila;
grant select, update on public.retransmissores to crm_fila;
grant select, insert, update, delete on public.mensagens_busca to crm_definidor, crm_fila;
grant select, insert, update, delete on public.visoes to crm_definidor;
grant select, insert, update on public.preferencias to crm_definidor;

-- two contacts that are one person, and the way back
grant select, insert, update on public.contatos_fusoes, public.contatos_sugestoes to crm_definidor, crm_fila;
grant select, insert on public.contatos_fusoes_itens to crm_definidor, crm_fila;
grant update on public.conversas_historico to crm_definidor, crm_fila;
grant select on public.notas, public.mencoes, public.rascunhos, public.conversas_etiquetas to crm_fila;
grant update on public.notas, public.mencoes, public.rascunhos to crm_fila;
grant insert on public.conversas_etiquetas, public.contatos_etiquetas, public.motivos_resolucao to crm_fila;
grant update on public.campanhas_publico to crm_definidor, crm_fila;
grant insert, update, delete on public.pares to crm_definidor;

-- the planner has to hear of a public just frozen; nothing else of what MAINTAIN allows is in any function
grant maintain on public.campanhas_log to crm_definidor, crm_fila; -- noqa: PRS

-- how the numbers are doing
grant select, insert, update on public.entradas_segundo to crm_porta;
grant select on public.entradas_segundo to crm_definidor, crm_fila;
grant select on public.limites to crm_definidor;
grant select, insert, update on public.portfolios to crm_fila;
grant select, insert, update, delete on public.portfolio_contatos to crm_fila;
grant select on public.portfolios, public.portfolio_contatos to crm_definidor;
grant delete on public.portfolio_contatos to crm_definidor;
grant select, insert on public.protecoes to crm_definidor, crm_fila;
grant select, insert, update, delete on public.campanhas_disjuntor to crm_fila;
grant select, delete on public.campanhas_disjuntor to crm_definidor;

-- working hours and the queue
grant select, insert, update, delete on public.calendarios, public.calendarios_faixas, public.feriados, public.feriados_faixas to crm_definidor;
grant select on
    public.calendarios, public.calendarios_faixas, public.feriados, public.feriados_faixas, public.equipes_membros
to crm_fila;
-- update: whom the queue gives a conversation is locked, with his team, and remembered to have received
grant select, update on public.usuarios, public.equipes to crm_fila;
grant select, update on public.ofertas to crm_definidor;
grant select, insert, update, delete on public.ofertas to crm_fila;

-- what a person does not want to be told of; the worker, which tells, has to know
grant select, insert, delete on public.silenciadas to crm_definidor;
grant select on public.silenciadas to crm_fila;

-- imports: the rows of a file, until they entered
grant select, insert, update, delete on public.importacoes, public.importacoes_lotes to crm_definidor;
grant select, update on public.importacoes, public.importacoes_lotes to crm_fila;
grant insert on public.etiquetas to crm_fila;

-- browsers that are told while no tab is open; a session that ends takes them along, whoever ends it
grant select, insert, delete on public.inscricoes to crm_definidor;
grant select, update, delete on public.inscricoes to crm_fila;
grant select, delete on public.inscricoes to crm_gestor;
grant select on public.preferencias, public.sessoes to crm_fila;

-- the second factor; crm_porta opens the session of who says password and code in one call
grant select, insert, update, delete on public.fatores, public.fatores_reservas, public.logins_pendentes to crm_definidor;
grant select, update on public.fatores, public.fatores_reservas to crm_porta;
grant select, insert, delete on public.logins_pendentes to crm_porta;
-- whoever opens a session is asked whether there is a second factor
grant select on public.fatores to crm_gestor;
-- what an older key sealed is sealed again
grant select, update on public.conexoes to crm_gestor;
grant update on public.inscricoes, public.fatores to crm_gestor;
