/* pgmigrate-encoding: utf-8 */
-- squawk-ignore-file adding-field-with-default, constraint-missing-not-valid, require-concurrent-index-creation, ban-drop-column
-- (one transaction, as pgmigrate runs it: the tables concerned are short yet, and the product is stopped meanwhile)
-- Events come from triggers, so that a change made by any path is told; whoever publishes numbers them.

-- numbers are given to rows already visible: nobody compares transactions any more
alter table public.eventos drop column transacao;
comment on table public.eventos is 'Avisos de mudança (só ids), escritos por gatilhos na transação da mudança e apagados depois de sete dias.';
alter table public.eventos set (
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_insert_scale_factor = 0.2
);
alter table public.eventos_totais
add column publicado bigint not null default 0,
add column podado bigint not null default 0,
add constraint eventos_totais_publicado_check check (publicado between 0 and ultimo),
add constraint eventos_totais_podado_check check (podado between 0 and ultimo);
create index eventos_totais_atrasado_idx on public.eventos_totais (cliente_id) where publicado < ultimo;
comment on column public.eventos_totais.publicado is 'Até onde quem retransmite confirmou ter contado: se ele morre, o seguinte conta de novo a partir daqui.';
comment on column public.eventos_totais.podado is 'O maior número já apagado: quem parou antes dele recarrega.';
alter policy eventos_do_cliente_select on public.eventos to crm_definidor, crm_porta, crm_gestor;
create policy eventos_leitura_ampla on public.eventos for select to crm_fila using (true);
alter policy eventos_totais_do_cliente_select on public.eventos_totais to crm_definidor, crm_porta, crm_gestor;
create policy eventos_totais_leitura_ampla on public.eventos_totais for select to crm_fila using (true);

create table public.retransmissores (
    papel text constraint retransmissores_pkey primary key
    constraint retransmissores_papel_check check (papel in ('EVENTOS')),
    dono text not null constraint retransmissores_dono_check check (char_length(dono) between 3 and 100),
    ate timestamptz not null
);
comment on table public.retransmissores is 'Qual worker publica eventos agora, e até quando se não der sinal. Só poupa trabalho: dois ao mesmo tempo não erram.';
insert into public.retransmissores (papel, dono, ate) values ('EVENTOS', 'ninguém', '-infinity');

create function interno.tg_eventos() returns trigger
language plpgsql set search_path = '' as $$ begin return null; end $$;
create function interno.tg_contatos__conversas() returns trigger
language plpgsql set search_path = '' as $$ begin return null; end $$;

create procedure interno.eventos_seguir(
    p_tabela regclass, p_tipo text, p_alvo text, p_alcance text default 'TODOS', p_em_massa text default null,
    p_ignoradas text default '', p_momentos text default 'insert update delete'
)
language plpgsql set search_path = ''
as $$
declare
    v_momento text;
begin
    foreach v_momento in array string_to_array(p_momentos, ' ') loop
        execute format(
            'create trigger %I after %s on %s referencing %s for each statement execute function interno.tg_eventos(%L, %L, %L, %L, %L)',
            '_040_' || p_tipo || '_' || v_momento, v_momento, p_tabela,
            case v_momento when 'insert' then 'new table as novas' when 'delete' then 'old table as velhas'
                else 'old table as velhas new table as novas' end,
            p_tipo, p_alvo, p_alcance, coalesce(p_em_massa, p_tipo), p_ignoradas
        );
    end loop;
end
$$;
comment on procedure interno.eventos_seguir (regclass, text, text, text, text, text, text) is
'Faz de cada mudança de uma tabela um evento. p_alvo: a coluna que diz do que se fala; p_alcance: quem pode saber (interno.eventos_emitir); p_em_massa: o tipo único de um comando que muda mais de cem linhas; p_ignoradas: colunas, separadas por espaço, que ninguém vê.
Erros: 42710 quando os gatilhos já existem.
Efeitos: gatilhos da tabela.
Desde: 0.3.0';

call interno.eventos_seguir(
    'public.conversas', 'conversa_mudou', 'id', 'CONVERSA', 'conversas_mudaram',
    'ordem_ultima digitando_em leitura_mensagem_id atualizado_em respondida_ate'
);
call interno.eventos_seguir('public.conversas_etiquetas', 'conversa_mudou', 'conversa_id', 'CONVERSA_DE', 'conversas_mudaram');
call interno.eventos_seguir(
    'public.mensagens', 'mensagem_mudou', 'id', 'CONVERSA_DE', 'conversas_mudaram', 'ordem tentativas tentativa_id contexto_id_externo'
);
call interno.eventos_seguir('public.notas', 'nota_mudou', 'id', 'CONVERSA_DE', 'conversas_mudaram', 'atualizado_em');
call interno.eventos_seguir('public.mencoes', 'mencao_mudou', 'usuario_id', 'PESSOA');
call interno.eventos_seguir('public.contatos', 'contato_mudou', 'id', 'CONTATO', 'contatos_mudaram', 'atualizado_em');
call interno.eventos_seguir('public.contatos_etiquetas', 'contato_mudou', 'contato_id', 'CONTATO_DE', 'contatos_mudaram');
call interno.eventos_seguir('public.etiquetas', 'etiqueta_mudou', 'id');
-- taking a pause, or a conversation, is not news about who somebody is
call interno.eventos_seguir(
    'public.usuarios', 'usuario_mudou', 'id', 'TODOS', null,
    'atualizado_em disponibilidade disponibilidade_motivo disponibilidade_em recebeu_em'
);
call interno.eventos_seguir(
    'public.usuarios', 'atendimento_mudou', 'id', 'TODOS', null, 'atualizado_em nome email versao perfil_id ativo recebeu_em', 'update'
);
call interno.eventos_seguir(
    'public.usuarios', 'sessao_mudou', 'id', 'PESSOA', null,
    'atualizado_em nome email versao capacidade disponibilidade disponibilidade_motivo disponibilidade_em recebeu_em', 'update'
);
call interno.eventos_seguir(
    'public.sessoes', 'sessao_mudou', 'usuario_id', 'PESSOA', null,
    'acesso_expira_em renovacao_hash renovacao_expira_em renovada_em origem agente motivo', 'update delete'
);
call interno.eventos_seguir('public.perfis', 'perfil_mudou', 'id', 'TODOS', null, 'atualizado_em');
call interno.eventos_seguir('public.perfis_permissoes', 'perfil_mudou', 'perfil_id');
call interno.eventos_seguir('public.equipes', 'equipe_mudou', 'id', 'TODOS', null, 'atualizado_em');
call interno.eventos_seguir('public.equipes_membros', 'equipe_mudou', 'equipe_id');
call interno.eventos_seguir('public.clientes', 'cliente_mudou', 'id', 'TODOS', null, '', 'update');
call interno.eventos_seguir('public.licencas', 'cliente_mudou', 'cliente_id');
call interno.eventos_seguir(
    'public.conexoes', 'conexao_mudou', 'id', 'TODOS', null, 'atualizado_em falhas_seguidas consultada_em qualidade_em nome_em credenciais'
);
-- a conversation shows the name of its person
create trigger _045_conversas after update on public.contatos
referencing old table as velhas new table as novas for each statement execute function interno.tg_contatos__conversas();
