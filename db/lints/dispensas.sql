/* pgmigrate-encoding: utf-8 */
-- What the lints of this folder find and is meant: rule, object, reason. A row that excuses nothing is itself a finding,
-- so what is fixed cannot stay excused.
select d.regra, d.objeto, d.motivo
from (
    values
    -- reading across tenants: one NOLOGIN role, one purpose each
    ('0103', 'public.logins:logins_leitura_ampla', 'crm_porta acha o cliente pelo e-mail antes de haver sessão; só login_preparar e login_concluir são dela'),
    ('0103', 'public.conexoes:conexoes_leitura_ampla', 'crm_porta acha a conexão de um webhook pelo número, antes de haver cliente'),
    ('0103', 'public.contatos:contatos_busca', 'crm_busca procura por trigrama, que a RLS proíbe; devolve ids, que quem chama junta à tabela sob RLS'),
    ('0103', 'public.fila:fila_leitura_ampla', 'crm_fila descobre em que números há trabalho vencido, em todos os clientes; cada reserva é de um cliente só'),
    -- tables that belong to no tenant
    ('0106', 'public.permissoes', 'catálogo da plataforma, igual para todos'),
    ('0106', 'public.transicoes', 'catálogo da plataforma, igual para todos'),
    ('0106', 'public.provedor_erros', 'catálogo da plataforma, igual para todos'),
    ('0106', 'public.planos', 'catálogo da plataforma, igual para todos'),
    ('0106', 'public.clientes', 'a própria lista de clientes: a chave é o cliente; nenhum papel de login a lê'),
    ('0106', 'public.tentativas_login', 'conta tentativas antes de se saber de que cliente é a conta; guarda só sha256'),
    ('0106', 'public.webhooks_quarentena', 'corpos que não se pode atribuir a cliente nenhum'),
    ('0106', 'public.processos', 'workers vivos; nenhum dado de cliente'),
    ('0106', 'migracao.schema_version', 'do pgmigrate'),
    ('0106', 'migracao.arquivos_aplicados', 'digest dos arquivos aplicados por balcao migrar'),
    -- uniqueness and indexes across tenants, on purpose
    ('0201', 'public.logins', 'um e-mail entra em um só cliente: a pessoa informa só e-mail e senha'),
    ('0202', 'public.conexoes:conexoes_numero_id_externo_idx', 'um número do WhatsApp é de um cliente só: um webhook nunca pode ter dois destinos'),
    ('0205', 'public.contatos:contatos_nome_idx', 'usado só por contatos_ids_buscar, de crm_busca'),
    ('0205', 'public.contatos:contatos_telefone_idx', 'usado só por contatos_ids_buscar, de crm_busca'),
    ('0206', 'public.conexoes:conexoes_conta_id_externa_idx', 'o webhook diz a conta, não o cliente'),
    ('0206', 'public.conexoes:conexoes_verificacao_hash_idx', 'a verificação da Meta diz o verifyToken, não o cliente'),
    ('0206', 'public.conexoes:conexoes_segredo_impressao_idx', 'a assinatura de um webhook se confere segredo a segredo, sem cliente'),
    -- functions
    ('0401', 'api.login_preparar', 'entra-se antes de haver cliente: só crm_porta lê logins de todos'),
    ('0401', 'api.login_concluir', 'entra-se antes de haver cliente: só crm_porta lê logins de todos'),
    ('0401', 'interno.contatos_ids_buscar', 'busca de crm_busca'),
    ('0403', 'interno.contatos_ids_buscar', 'busca de crm_busca: precisa do seu SELECT sem RLS e devolve só ids'),
    ('0406', 'api.login_preparar', 'ainda não há sessão'),
    ('0406', 'api.login_concluir', 'ainda não há sessão'),
    ('0406', 'api.sessao_renovar', 'o segredo de renovação é a prova, no lugar da sessão vencida'),
    ('0406', 'api.saude_obter', 'saúde do serviço: nenhum dado de cliente'),
    ('0406', 'api.metricas_obter', 'medidas do serviço: nenhum dado de cliente além de ids'),
    ('0407', 'public.permissoes:fila:ler', 'a tela do que desistiu ainda não existe; os perfis já nascem com ela'),
    ('0407', 'public.permissoes:auditoria:ler', 'a tela da auditoria ainda não existe; os perfis já nascem com ela'),
    ('0408', 'worker.fila_prontas', 'olha todos os clientes para dizer onde há trabalho; não recebe nem devolve linha de nenhum'),
    ('0417', 'api.permissoes_listar', 'catálogo fechado de poucas dezenas: uma página sempre o contém'),
    ('0417', 'plataforma.restricoes_listar', 'catálogo fechado: as restrições do esquema'),
    ('0507', 'public.campanhas_log crm_definidor', 'MAINTAIN para ANALYZE do público recém-congelado, em campanhas_log_estatisticas'),
    ('0507', 'public.campanhas_log crm_fila', 'MAINTAIN para ANALYZE do público recém-congelado, em campanhas_log_estatisticas'),
    ('0418', 'public.get_current_cliente_id', 'usada pelas políticas: só muda por migração'),
    ('0418', 'interno.texto_busca', 'usada por coluna gerada: só muda por migração'),
    ('0418', 'interno.isolar_tabela', 'usada pelas migrações')
) as d (regra, objeto, motivo)
