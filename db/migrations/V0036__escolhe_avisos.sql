/* pgmigrate-encoding: utf-8 */
-- squawk-ignore-file ban-drop-function
-- (created again in the same transaction, with two arguments more)
-- What one is told of besides what is one's own, and how much of it may be read on a screen that others see.

alter table public.preferencias
add column avisos_fila boolean not null default false,
add column avisos_texto boolean not null default true;
comment on column public.preferencias.avisos_fila is 'Avisar também do que chega à fila geral e às das próprias equipes.';
comment on column public.preferencias.avisos_texto is 'O aviso do navegador mostra o começo da mensagem.';

drop function if exists api.preferencias_atualizar(
    uuid, text, jsonb, boolean, text, text, boolean, boolean, text, text, jsonb, text[], integer
);
