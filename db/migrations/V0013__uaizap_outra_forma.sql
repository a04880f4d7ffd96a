/* pgmigrate-encoding: utf-8 */
-- "Not on WhatsApp" said of one form of a Brazilian mobile says nothing of the other, at every provider.
update public.provedor_erros set outra_forma = true where provedor = 'UAIZAP' and codigo = 1440;
