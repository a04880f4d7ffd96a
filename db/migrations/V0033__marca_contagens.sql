/* pgmigrate-encoding: utf-8 */
-- squawk-ignore-file ban-drop-function, ban-drop-constraint, constraint-missing-not-valid
-- (one transaction, as pgmigrate runs it: the product is stopped meanwhile)
-- Counts at the edge go stale only when what they count by has changed: not with each message.

-- the first takes the tabs to count, too, the second the filters of the tab of mentions
drop function if exists api.conversas_contar(uuid, text, jsonb);
drop function if exists api.conversas_proprias_obter(uuid, text);
alter table public.eventos_tipos drop constraint eventos_tipos_parte_check;
alter table public.eventos_tipos add constraint eventos_tipos_parte_check check (parte in ('conversas', 'contatos', 'contagem'));
comment on table public.eventos_tipos is
'O que cada tipo de evento deixa velho no cache: namespaces inteiros; e, de parte, o objeto que o evento aponta (ALVO = alvo_id, CONVERSA = conversa_id) e as listas, ou as contagens, de quem tem um dos seus tópicos. Tipo que não está aqui deixa tudo velho.';
insert into public.eventos_tipos (tipo, namespaces, parte, alvo) values ('contagem_mudou', '{}', 'contagem', 'ALVO');
-- every column that no count of a tab or a state is made by
call interno.eventos_seguir(
    'public.conversas', 'contagem_mudou', 'id', 'CONVERSA', 'conversas_mudaram',
    'contato_id nao_lidas janela_expira_em ultima_mensagem_id ultima_mensagem_em ultima_entrada_em respondida_ate espera_desde espera_em'
    ' fila_em atribuida_em adiada_ate resolvida_em motivo_id dono_ate prioridade prioridade_ordem ordem_ultima leitura_mensagem_id'
    ' digitando_em versao criado_em atualizado_em'
);
