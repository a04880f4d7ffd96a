/* pgmigrate-encoding: utf-8 */
-- How a number treats who comes back, and the queue it fills, are edited by people too: of two at once the second is told.

drop trigger _020_atualizado on public.conexoes;
create trigger _020_atualizado before update of
nome, status, credenciais, numero_id_externo, conta_id_externa, teto_por_segundo, removido_em,
equipe_id, dono_minutos, reabertura, reabertura_horas
on public.conexoes for each row execute function interno.tg_atualizado();
