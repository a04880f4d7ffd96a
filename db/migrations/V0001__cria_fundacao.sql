/* pgmigrate-encoding: utf-8 */
-- Schemas, the tenant getter, the isolation helper and the two catalogues that everything else refers to.

create schema api;
create schema worker;
create schema webhook;
create schema plataforma;
create schema interno;
comment on schema api is 'O que a camada HTTP pode executar.';
comment on schema worker is 'O que os workers podem executar.';
comment on schema webhook is 'O que a recepção de webhooks pode executar.';
comment on schema plataforma is 'O que o dono da plataforma pode executar.';
comment on schema interno is 'Passos internos: nenhum papel de login os alcança.';

create extension if not exists pg_trgm with schema public;
create extension if not exists btree_gin with schema public;
create extension if not exists unaccent with schema public;

create function public.get_current_cliente_id() returns uuid
language plpgsql stable parallel safe set search_path = ''
as $$
begin
    -- nullif: after a transaction-local set_config the setting comes back as '' instead of NULL
    if nullif(current_setting('app.cliente_id', true), '') is null then
        raise exception using errcode = '42501', message = 'sem cliente no contexto';
    end if;
    return current_setting('app.cliente_id', true)::uuid;
end
$$;
comment on function public.get_current_cliente_id() is
'Cliente (tenant) da transação corrente.
Erros: 42501 quando não há contexto.
Efeitos: nenhum.
Desde: 0.1.0';

create function interno.texto_busca(p_texto text) returns text
language sql immutable strict parallel safe
begin atomic
    select lower(public.unaccent('public.unaccent'::regdictionary, p_texto));
end;
comment on function interno.texto_busca(text) is
'Texto sem acento e em minúsculas, como é indexado para busca. Usada por coluna gerada: só muda por migração.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.1.0';

create procedure interno.isolar_tabela(p_tabela regclass, p_leitura_ampla text default null)
language plpgsql set search_path = ''
as $$
declare
    c_predicado constant text := 'cliente_id = (select public.get_current_cliente_id())';
    v_papeis text;
    v_leitores text;
    v_nome text := (select relname from pg_catalog.pg_class where oid = p_tabela);
begin
    v_papeis := 'crm_definidor, crm_fila, crm_porta, crm_gestor';
    select string_agg(papel, ', ') into v_leitores
    from unnest(string_to_array(v_papeis, ', ')) as papel
    where papel is distinct from p_leitura_ampla;
    execute format('alter table %s enable row level security', p_tabela);
    execute format('alter table %s force row level security', p_tabela);
    execute format('create policy %I on %s for select to %s using (%s)', v_nome || '_do_cliente_select', p_tabela, v_leitores, c_predicado);
    execute format('create policy %I on %s for insert to %s with check (%s)', v_nome || '_do_cliente_insert', p_tabela, v_papeis, c_predicado);
    execute format('create policy %I on %s for update to %s using (%s) with check (%s)', v_nome || '_do_cliente_update', p_tabela, v_papeis, c_predicado, c_predicado);
    execute format('create policy %I on %s for delete to %s using (%s)', v_nome || '_do_cliente_delete', p_tabela, v_papeis, c_predicado);
    if p_leitura_ampla is not null then
        execute format('create policy %I on %s for select to %I using (true)', v_nome || '_leitura_ampla', p_tabela, p_leitura_ampla);
    end if;
end
$$;
comment on procedure interno.isolar_tabela (regclass, text) is
'Liga e força RLS numa tabela de cliente, com as quatro políticas na única forma aceita; p_leitura_ampla nomeia o papel NOLOGIN que lê todos os clientes (db/lints/excecoes.sql diz por quê).
Erros: 42710 quando as políticas já existem.
Efeitos: políticas da tabela.
Desde: 0.1.0';

-- Which permission exists is data: profiles refer to it by foreign key, functions by name (a test compares).
create table public.permissoes (
    codigo text constraint permissoes_pkey primary key
    constraint permissoes_codigo_check check (codigo ~ '^[a-z_]{2,30}:[a-z_]{2,30}$'),
    descricao text not null constraint permissoes_descricao_check check (char_length(descricao) between 3 and 200),
    implicita boolean not null default false,
    da_plataforma boolean not null default false
);
comment on table public.permissoes is 'Catálogo de permissões; implicita = toda sessão viva a tem; da_plataforma = inalcançável por perfil de cliente.';

insert into public.permissoes (codigo, descricao, implicita) values
('sessao:usar', 'Usar a própria sessão', true),
('usuarios:ler', 'Ver usuários', false),
('usuarios:gerir', 'Criar, editar e desativar usuários', false),
('equipes:ler', 'Ver equipes', false),
('equipes:gerir', 'Criar e editar equipes', false),
('perfis:ler', 'Ver perfis e permissões', false),
('perfis:gerir', 'Criar e editar perfis', false),
('conexoes:ler', 'Ver conexões', false),
('conexoes:gerir', 'Criar, editar e testar conexões', false),
('contatos:ler', 'Ver e buscar contatos', false),
('contatos:gerir', 'Criar, editar e bloquear contatos', false),
('contatos:importar', 'Importar contatos de um CSV', false),
('contatos:remover', 'Remover contatos', false),
('etiquetas:ler', 'Ver etiquetas', false),
('etiquetas:gerir', 'Criar, editar e aplicar etiquetas', false),
('modelos:ler', 'Ver modelos de mensagem', false),
('modelos:sincronizar', 'Sincronizar modelos com o provedor', false),
('campanhas:ler', 'Ver campanhas e seus resultados', false),
('campanhas:gerir', 'Criar, editar e simular campanhas', false),
('campanhas:disparar', 'Iniciar, pausar, retomar, cancelar e reenviar campanhas', false),
('fila:ler', 'Ver mensagens que desistiram', false),
('auditoria:ler', 'Ver a auditoria', false);

-- Every state machine in one place: a change of state that is not a row here does not happen.
create table public.transicoes (
    maquina text not null constraint transicoes_maquina_check check (maquina ~ '^[a-z_]{3,40}$'),
    de text not null constraint transicoes_de_check check (char_length(de) <= 40),
    para text not null constraint transicoes_para_check check (char_length(para) <= 40),
    constraint transicoes_pkey primary key (maquina, de, para)
);
comment on table public.transicoes is 'Mudanças de estado permitidas, por máquina (nome da tabela).';

create function interno.tg_transicao() returns trigger
language plpgsql set search_path = '' as $$ begin return new; end $$;
create function interno.tg_atualizado() returns trigger
language plpgsql set search_path = '' as $$ begin return new; end $$;
create function interno.tg_imutavel() returns trigger
language plpgsql set search_path = '' as $$ begin return null; end $$;

-- What a provider's error means is data (protocol reference, section 11.3).
create table public.provedor_erros (
    provedor text not null constraint provedor_erros_provedor_check check (provedor in ('META_API', 'UAIZAP')),
    codigo integer not null,
    classe text not null constraint provedor_erros_classe_check check (classe in (
        'AUTH', 'RATE_NUMBER', 'RATE_PAIR', 'RATE_ACCOUNT', 'PLATFORM', 'DEFER', 'WINDOW', 'OPTOUT', 'CONTACT',
        'NUMBER_STOP', 'ACCOUNT_STOP', 'TEMPLATE_STOP', 'REQUEST', 'MEDIA', 'FEATURE'
    )),
    prova_nao_envio boolean not null,
    texto text not null constraint provedor_erros_texto_check check (char_length(texto) between 5 and 300),
    constraint provedor_erros_pkey primary key (provedor, codigo)
);
comment on table public.provedor_erros is
'Classe de cada código de erro do provedor, se ele prova que nada foi enviado, e a frase que uma pessoa lê.';

insert into public.provedor_erros (provedor, codigo, classe, prova_nao_envio, texto) values
('META_API', 0, 'AUTH', true, 'O provedor não reconheceu a credencial da conexão'),
('META_API', 3, 'AUTH', true, 'A credencial não tem a capacidade necessária'),
('META_API', 10, 'AUTH', true, 'Falta permissão à credencial da conexão'),
('META_API', 33, 'AUTH', true, 'O número não existe ou não é visível para a credencial'),
('META_API', 102, 'AUTH', true, 'A credencial da conexão expirou'),
('META_API', 104, 'AUTH', true, 'A credencial não foi enviada ao provedor'),
('META_API', 190, 'AUTH', true, 'A credencial da conexão é inválida ou expirou'),
('META_API', 200, 'AUTH', true, 'Falta permissão à credencial da conexão'),
('META_API', 803, 'AUTH', true, 'O número não existe ou não é visível para a credencial'),
('META_API', 131005, 'AUTH', true, 'Acesso negado pelo provedor'),
('META_API', 1, 'PLATFORM', false, 'Falha desconhecida no provedor'),
('META_API', 2, 'PLATFORM', false, 'Provedor temporariamente fora do ar'),
('META_API', 131000, 'PLATFORM', false, 'Falha interna do provedor'),
('META_API', 131016, 'PLATFORM', false, 'Provedor sobrecarregado'),
('META_API', 131057, 'PLATFORM', true, 'Número em manutenção no provedor'),
('META_API', 133000, 'PLATFORM', true, 'Registro do número incompleto no provedor'),
('META_API', 133004, 'PLATFORM', true, 'Serviço de registro indisponível no provedor'),
('META_API', 2494100, 'PLATFORM', true, 'Provedor em manutenção'),
('META_API', 134101, 'PLATFORM', true, 'Modelo ainda em sincronização no provedor'),
('META_API', 4, 'RATE_ACCOUNT', true, 'Limite de chamadas do aplicativo atingido'),
('META_API', 17, 'RATE_ACCOUNT', true, 'Limite de chamadas da credencial atingido'),
('META_API', 32, 'RATE_ACCOUNT', true, 'Limite de chamadas da conta atingido'),
('META_API', 341, 'RATE_ACCOUNT', true, 'Limite do aplicativo atingido'),
('META_API', 613, 'RATE_ACCOUNT', true, 'Limite de chamadas atingido'),
('META_API', 80007, 'RATE_ACCOUNT', true, 'Limite de chamadas da conta do WhatsApp atingido'),
('META_API', 80008, 'RATE_ACCOUNT', true, 'Limite de gestão de modelos atingido'),
('META_API', 133016, 'RATE_ACCOUNT', true, 'Tentativas demais de registro do número'),
('META_API', 130429, 'RATE_NUMBER', true, 'O número atingiu o limite de mensagens por segundo'),
('META_API', 131056, 'RATE_PAIR', true, 'Mensagens demais para esta mesma pessoa'),
('META_API', 131026, 'CONTACT', true, 'Não foi possível entregar a este número'),
('META_API', 131021, 'CONTACT', true, 'O destinatário é o próprio remetente'),
('META_API', 131030, 'CONTACT', true, 'Destinatário fora da lista de números de teste'),
('META_API', 131062, 'CONTACT', true, 'Este destinatário não pode receber esta mensagem sem telefone'),
('META_API', 131043, 'CONTACT', true, 'A mensagem expirou antes da entrega'),
('META_API', 137000, 'CONTACT', true, 'A identidade do destinatário mudou'),
('META_API', 131047, 'WINDOW', true, 'A janela de 24 horas está fechada: use um modelo'),
('META_API', 470, 'WINDOW', true, 'A janela de 24 horas está fechada: use um modelo'),
('META_API', 131049, 'DEFER', true, 'O WhatsApp segurou a mensagem para preservar a experiência da pessoa'),
('META_API', 130472, 'DEFER', true, 'A pessoa está em um experimento do WhatsApp'),
('META_API', 131050, 'OPTOUT', true, 'A pessoa parou de receber marketing desta empresa'),
('META_API', 131048, 'NUMBER_STOP', true, 'Número limitado por suspeita de spam'),
('META_API', 130497, 'NUMBER_STOP', true, 'A empresa não pode enviar para este país'),
('META_API', 131037, 'NUMBER_STOP', true, 'Nome de exibição do número não aprovado'),
('META_API', 131045, 'NUMBER_STOP', true, 'Número registrado com erro no provedor'),
('META_API', 133005, 'NUMBER_STOP', true, 'PIN do número incorreto'),
('META_API', 133006, 'NUMBER_STOP', true, 'Número precisa ser verificado'),
('META_API', 133008, 'NUMBER_STOP', true, 'Tentativas demais de PIN'),
('META_API', 133009, 'NUMBER_STOP', true, 'PIN informado rápido demais'),
('META_API', 133010, 'NUMBER_STOP', true, 'Número não registrado no provedor'),
('META_API', 133015, 'NUMBER_STOP', true, 'Número removido há pouco: aguarde'),
('META_API', 131031, 'ACCOUNT_STOP', true, 'Conta bloqueada pelo provedor'),
('META_API', 131042, 'ACCOUNT_STOP', true, 'Problema de pagamento na conta do WhatsApp'),
('META_API', 131063, 'ACCOUNT_STOP', true, 'Modelos de marketing desativados para esta conta'),
('META_API', 131064, 'ACCOUNT_STOP', true, 'Limite reduzido por classificação errada de modelos'),
('META_API', 134011, 'ACCOUNT_STOP', true, 'Termos de pagamento não aceitos'),
('META_API', 368, 'ACCOUNT_STOP', true, 'Conta temporariamente bloqueada por política'),
('META_API', 132001, 'TEMPLATE_STOP', true, 'O modelo ou idioma não existe ou não está aprovado'),
('META_API', 132007, 'TEMPLATE_STOP', true, 'O modelo viola a política de conteúdo'),
('META_API', 132015, 'TEMPLATE_STOP', true, 'Modelo pausado por qualidade'),
('META_API', 132016, 'TEMPLATE_STOP', true, 'Modelo desativado pelo provedor'),
('META_API', 134102, 'TEMPLATE_STOP', true, 'Modelo indisponível para este uso'),
('META_API', 100, 'REQUEST', true, 'Mensagem com parâmetro inválido'),
('META_API', 131008, 'REQUEST', true, 'Falta um parâmetro obrigatório na mensagem'),
('META_API', 131009, 'REQUEST', true, 'Um parâmetro da mensagem tem valor inválido'),
('META_API', 131051, 'REQUEST', true, 'Tipo de mensagem não aceito'),
('META_API', 131055, 'REQUEST', true, 'Método não permitido para esta mensagem'),
('META_API', 134100, 'REQUEST', true, 'Este envio só aceita modelos de marketing'),
('META_API', 135000, 'REQUEST', true, 'Erro nos parâmetros da mensagem'),
('META_API', 131001, 'REQUEST', true, 'Erro nos parâmetros da mensagem'),
('META_API', 131002, 'REQUEST', true, 'Erro nos parâmetros da mensagem'),
('META_API', 131006, 'REQUEST', true, 'Erro nos parâmetros da mensagem'),
('META_API', 132000, 'REQUEST', true, 'Quantidade de variáveis diferente da do modelo'),
('META_API', 132005, 'REQUEST', true, 'Texto longo demais depois de preencher as variáveis'),
('META_API', 132008, 'REQUEST', true, 'Variável em formato diferente do modelo'),
('META_API', 132012, 'REQUEST', true, 'Variável em formato diferente do modelo'),
('META_API', 131052, 'MEDIA', true, 'Não foi possível baixar a mídia'),
('META_API', 131053, 'MEDIA', true, 'Mídia em formato ou tamanho não aceito'),
('META_API', 132068, 'FEATURE', true, 'Fluxo bloqueado pelo provedor'),
('META_API', 132069, 'RATE_ACCOUNT', true, 'Fluxo limitado pelo provedor');
