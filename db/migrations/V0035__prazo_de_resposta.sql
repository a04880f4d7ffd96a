/* pgmigrate-encoding: utf-8 */
-- squawk-ignore-file ban-drop-function
-- (created again in the same transaction, with an argument more)
-- How long a customer may wait for an answer is the tenant's to say.

alter table public.clientes
add column sla_minutos integer not null default 60
constraint clientes_sla_minutos_check check (sla_minutos between 1 and 10080);
comment on column public.clientes.sla_minutos is
'Em quantos minutos a empresa quer responder a quem escreve: as listas avisam na metade e quando passa.';
comment on constraint clientes_sla_minutos_check on public.clientes is 'ZRI45: o prazo de resposta vai de 1 minuto a 7 dias (10080 minutos)';

drop function if exists api.empresa_atualizar(uuid, text, text, text, integer);
