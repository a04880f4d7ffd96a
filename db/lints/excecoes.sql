/* pgmigrate-encoding: utf-8 */
-- Exceptions for a catalogue lint that is not ours and reads pg_temp.excecao (regra, objeto, motivo). Our own rules and
-- their exceptions are dispensas.sql.
insert into pg_temp.excecao (regra, objeto, motivo)
select x.regra, x.objeto, x.motivo
from (
    values
    ('R004', 'public.logins:logins_leitura_ampla', 'crm_porta acha o cliente pelo e-mail antes de haver sessão'),
    ('R008', 'public.logins:logins_leitura_ampla', 'crm_porta acha o cliente pelo e-mail antes de haver sessão'),
    ('R004', 'public.conexoes:conexoes_leitura_ampla', 'crm_porta acha a conexão de um webhook pelo número, antes de haver cliente'),
    ('R008', 'public.conexoes:conexoes_leitura_ampla', 'crm_porta acha a conexão de um webhook pelo número, antes de haver cliente'),
    ('R004', 'public.contatos:contatos_busca', 'crm_busca procura por trigrama, que a RLS proíbe, e devolve só ids'),
    ('R008', 'public.contatos:contatos_busca', 'crm_busca procura por trigrama, que a RLS proíbe, e devolve só ids'),
    ('R004', 'public.contatos_identidades:contatos_identidades_busca', 'crm_busca procura por trigrama, que a RLS proíbe, e devolve só ids'),
    ('R008', 'public.contatos_identidades:contatos_identidades_busca', 'crm_busca procura por trigrama, que a RLS proíbe, e devolve só ids'),
    ('R004', 'public.mensagens_busca:mensagens_busca_busca', 'crm_busca procura por palavras, que a RLS proíbe, e devolve só ids'),
    ('R008', 'public.mensagens_busca:mensagens_busca_busca', 'crm_busca procura por palavras, que a RLS proíbe, e devolve só ids'),
    ('R004', 'public.fila:fila_leitura_ampla', 'crm_fila descobre em que números há trabalho vencido, em todos os clientes'),
    ('R008', 'public.fila:fila_leitura_ampla', 'crm_fila descobre em que números há trabalho vencido, em todos os clientes'),
    ('R004', 'public.conexoes_instancias:conexoes_instancias_leitura_ampla', 'crm_fila não acorda um aparelho entre dois envios'),
    ('R008', 'public.conexoes_instancias:conexoes_instancias_leitura_ampla', 'crm_fila não acorda um aparelho entre dois envios'),
    ('R004', 'public.eventos:eventos_leitura_ampla', 'crm_fila descobre de que clientes há eventos por contar'),
    ('R008', 'public.eventos:eventos_leitura_ampla', 'crm_fila descobre de que clientes há eventos por contar'),
    ('R004', 'public.eventos_totais:eventos_totais_leitura_ampla', 'crm_fila descobre de que clientes há eventos por contar'),
    ('R008', 'public.eventos_totais:eventos_totais_leitura_ampla', 'crm_fila descobre de que clientes há eventos por contar'),
    ('R011', 'public.retransmissores', 'qual worker publica eventos; nenhum dado de cliente'),
    ('R011', 'public.permissoes', 'catálogo da plataforma, igual para todos'),
    ('R011', 'public.transicoes', 'catálogo da plataforma, igual para todos'),
    ('R011', 'public.provedor_erros', 'catálogo da plataforma, igual para todos'),
    ('R011', 'public.provedor_classes', 'catálogo da plataforma, igual para todos'),
    ('R011', 'public.provedor_erros_textos', 'catálogo da plataforma, igual para todos'),
    ('R011', 'public.provedor_erros_faixas', 'catálogo da plataforma, igual para todos'),
    ('R011', 'public.mensagens_motivos', 'catálogo da plataforma, igual para todos'),
    ('R011', 'public.midias_tipos', 'catálogo da plataforma, igual para todos'),
    ('R011', 'public.eventos_tipos', 'catálogo da plataforma, igual para todos'),
    ('R011', 'public.fila_tipos', 'catálogo da plataforma, igual para todos'),
    ('R011', 'public.planos', 'catálogo da plataforma, igual para todos'),
    ('R011', 'public.clientes', 'a própria lista de clientes: a chave é o cliente'),
    ('R011', 'public.tentativas_login', 'conta tentativas antes de se saber de que cliente é a conta; guarda só sha256'),
    ('R011', 'public.webhooks_quarentena', 'corpos que não se pode atribuir a cliente nenhum'),
    ('R011', 'public.processos', 'workers vivos; nenhum dado de cliente'),
    ('R011', 'migracao.schema_version', 'tabela do pgmigrate'),
    ('R011', 'migracao.arquivos_aplicados', 'digest dos arquivos aplicados'),
    ('R102', 'public.fila:fila_cliente_id_conexao_id_fkey', 'nenhum papel pode apagar conexões (removido_em), e um índice a mais na fila custaria a cada reserva'),
    ('R102', 'public.fila:fila_cliente_id_chave_ordem_fkey', 'fila_ordem_idx é parcial: cobre todas as linhas que têm conversa'),
    ('R102', 'public.contatos:contatos_cliente_id_fundido_em_id_fkey', 'índice parcial: cobre todos os contatos que se juntaram a outro'),
    ('R102', 'public.mensagens:mensagens_cliente_id_contexto_id_fkey', 'índice parcial: cobre todas as linhas que citam outra'),
    ('R102', 'public.mensagens:mensagens_cliente_id_modelo_id_fkey', 'índice parcial: cobre todas as linhas que usam modelo'),
    ('R102', 'public.mensagens:mensagens_cliente_id_midia_id_fkey', 'índice parcial: cobre todas as linhas que citam mídia'),
    ('R102', 'public.tentativas:tentativas_cliente_id_campanha_log_id_fkey', 'nenhum papel pode apagar destinatários, e um índice a mais custaria a cada envio'),
    ('R102', 'public.tentativas:tentativas_cliente_id_mensagem_id_fkey', 'índice parcial: cobre todas as tentativas de mensagens'),
    ('R102', 'public.portfolio_contatos:portfolio_contatos_cliente_id_contato_id_fkey', 'nenhum papel pode apagar contatos, e um índice a mais custaria a cada envio'),
    ('R105', 'public.conexoes:conexoes_numero_id_externo_idx', 'um número do WhatsApp é de um cliente só: um webhook nunca pode ter dois destinos'),
    ('R110', 'public.conexoes_numero_id_externo_idx', 'o webhook diz o número, não o cliente'),
    ('R110', 'public.conexoes_conta_id_externa_idx', 'o webhook diz a conta, não o cliente'),
    ('R110', 'public.conexoes_verificacao_hash_idx', 'a verificação da Meta diz o verifyToken, não o cliente'),
    ('R110', 'public.conexoes_segredo_impressao_idx', 'a assinatura se confere segredo a segredo, sem cliente'),
    ('R202', 'public.calendarios_faixas_sobrepostas_excl', 'restrição: nenhuma consulta o usa, e a RLS não alcança restrições'),
    ('R202', 'public.feriados_faixas_sobrepostas_excl', 'restrição: nenhuma consulta o usa, e a RLS não alcança restrições'),
    ('R102', 'public.conversas:conversas_cliente_id_dono_id_fkey', 'índice parcial: cobre todas as linhas que esperam por alguém'),
    ('R202', 'public.contatos_nome_idx', 'usado só por contatos_ids_buscar, de crm_busca'),
    ('R202', 'public.contatos_telefone_idx', 'usado só por contatos_ids_buscar, de crm_busca'),
    ('R202', 'public.contatos_identidades_valor_idx', 'usado só por contatos_ids_buscar, de crm_busca'),
    ('R202', 'public.mensagens_busca_termos_idx', 'usado só por mensagens_ids_buscar, de crm_busca'),
    ('R309', 'interno.modelo_variaveis(p_componentes jsonb)', 'lê só o que interno.modelo_campos faz do argumento; nenhuma tabela'),
    ('R609', 'public.fila_morta.grupo', 'não identifica linha: é o resumo da causa, igual em todas as que a têm'),
    ('R601', 'migracao.schema_version.installed_on', 'tabela do pgmigrate'),
    ('R605', 'migracao.schema_version.description', 'tabela do pgmigrate, escrita só por ele'),
    ('R605', 'migracao.schema_version.installed_by', 'tabela do pgmigrate, escrita só por ele'),
    ('R605', 'migracao.arquivos_aplicados.arquivo', 'escrita só por balcao migrar, como dono'),
    ('R605', 'migracao.arquivos_aplicados.digest', 'escrita só por balcao migrar, como dono'),
    ('R608', 'migracao.schema_version', 'tabela do pgmigrate'),
    ('R608', 'migracao.arquivos_aplicados', 'digest dos arquivos aplicados, escritos só por balcao migrar')
) as x (regra, objeto, motivo);

-- Every function that a process may call is SECURITY DEFINER by contract, owned by the NOLOGIN role of its purpose, for whom
-- the policies hold. Only these schemas and these owners are excused: any other DEFINER function stays an error.
insert into pg_temp.excecao (regra, objeto, motivo)
select 'R304', format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)), case o.rolname
        when 'crm_definidor' then 'função da API, de crm_definidor: abre o contexto pela sessão; quem chama não lê tabela'
        when 'crm_fila' then 'função do worker, de crm_fila: abre o contexto de um cliente; quem chama não lê tabela'
        when 'crm_porta' then 'entrada (login ou webhook), de crm_porta: ainda não há cliente; quem chama não lê tabela'
        when 'crm_gestor' then 'função do dono da plataforma, de crm_gestor: cada ação é auditada'
        when 'crm_busca' then 'busca por trigrama, de crm_busca: lê só as colunas indexadas e devolve só ids'
        when 'crm_medidor' then 'medida do servidor, de crm_medidor: nenhum dado de cliente, devolve um número'
    end
from pg_proc as p
join pg_namespace as n on n.oid = p.pronamespace
join pg_roles as o on o.oid = p.proowner
where p.prosecdef and not o.rolsuper and not o.rolbypassrls and not o.rolcanlogin and (
    (n.nspname = 'api' and o.rolname in ('crm_definidor', 'crm_porta'))
    or (n.nspname = 'worker' and o.rolname = 'crm_fila')
    or (n.nspname = 'webhook' and o.rolname = 'crm_porta')
    or (n.nspname = 'plataforma' and (o.rolname = 'crm_gestor' or (o.rolname = 'crm_porta' and p.proname = 'quarentena_resgatar')))
    or (n.nspname = 'interno' and o.rolname in ('crm_busca', 'crm_medidor'))
);

-- The embedded server does not ship plpgsql_check; every function is called by a test instead.
insert into pg_temp.excecao (regra, objeto, motivo)
select 'R900', '(banco)', 'plpgsql_check não vem com o servidor embutido; um teste chama cada função'
where not exists (select from pg_extension as e where e.extname = 'plpgsql_check');
