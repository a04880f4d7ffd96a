/* pgmigrate-encoding: utf-8 */
-- One voice at a time: why a bot's message did not leave.
insert into public.mensagens_motivos (motivo, texto, acoes) values
('CONTROLE', 'Uma pessoa assumiu a conversa antes que o robô respondesse', '{}');
