/* pgmigrate-encoding: utf-8 */
-- squawk-ignore-file ban-drop-function
-- (one transaction, as pgmigrate runs it: the product is stopped meanwhile)
-- A campaign's failures are resent by the provider's code too, not by the class of failure alone.

drop function if exists api.campanha_reenviar(uuid, text, uuid, text[]);
