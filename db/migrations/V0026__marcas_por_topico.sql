/* pgmigrate-encoding: utf-8 */
-- squawk-ignore-file ban-drop-function
-- (one transaction, as pgmigrate runs it: the product is stopped meanwhile)
-- A list at the edge goes stale only when something that its reader sees, or saw, has changed.

-- it takes the topics of the event, too
drop function if exists interno.evento_marcas(text, uuid, uuid);
update public.eventos_tipos set namespaces = '{}', parte = 'conversas', alvo = 'ALVO' where tipo = 'mencao_mudou';
comment on table public.eventos_tipos is
'O que cada tipo de evento deixa velho no cache: namespaces inteiros; e, de parte, o objeto que o evento aponta (ALVO = alvo_id, CONVERSA = conversa_id) e as listas de quem tem um dos seus tópicos. Tipo que não está aqui deixa tudo velho.';
