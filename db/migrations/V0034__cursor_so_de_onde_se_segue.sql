/* pgmigrate-encoding: utf-8 */
-- squawk-ignore-file ban-drop-function
-- (one transaction, as pgmigrate runs it: the product is stopped meanwhile)
-- Whoever counts conversations wrote a cursor for each of a thousand rows: it answers one cursor now.

drop function if exists interno.conversas_escolher(uuid, public.conversas_filtros, text, integer, public.conversas_posicao);
