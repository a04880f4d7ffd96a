/* pgmigrate-encoding: utf-8 */
-- squawk-ignore-file ban-drop-function
-- (one transaction, as pgmigrate runs it: the product is stopped meanwhile)
-- A conversation that nobody had written in joins the queue by its first message, and no column that counts go by
-- changes. Whoever counts what was searched for searches once: both functions take what was found.

drop function if exists interno.conversas_escolher(uuid, public.conversas_filtros, text, integer, public.conversas_posicao);
drop function if exists interno.conversas_quantas(uuid, public.conversas_filtros);
create function interno.tg_conversas__fila() returns trigger
language plpgsql set search_path = '' as $$ begin return null; end $$;
create trigger _041_na_fila after update on public.conversas
for each row when (
    old.ultima_entrada_em is null and old.versao = 1 and (new.ultima_entrada_em is not null or new.versao > 1)
) execute function interno.tg_conversas__fila();
