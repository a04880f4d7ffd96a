/* pgmigrate-encoding: utf-8 */
-- squawk-ignore-file ban-drop-function, adding-required-field
-- What touches a second factor proves it; what waits for a code waits for that of one factor.

-- they gain the proof of the second factor: those without it would turn it off by the password alone
drop function if exists api.fator_remover(uuid, text, boolean, text);
drop function if exists api.fator_reservas_trocar(uuid, text, boolean, text, bytea[]);

-- nothing in it is older than ten minutes: who waits says the password again
truncate public.logins_pendentes;
alter table public.logins_pendentes add column fator_id uuid not null;
comment on column public.logins_pendentes.fator_id is
'O segundo fator cujo código falta; sem chave estrangeira: desligado ou trocado, quem espera ouve por que recomeça.';
