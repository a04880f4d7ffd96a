/* pgmigrate-encoding: utf-8 */
-- What /chat/check says of both forms of a number at once: unlike the refusal of a send, there is no other form to try.
insert into public.provedor_erros (provedor, codigo, classe, prova_nao_envio, texto) values
('UAIZAP', 1441, 'CONTACT', true, 'Nenhuma forma do número está no WhatsApp');
