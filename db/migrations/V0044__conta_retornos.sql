/* pgmigrate-encoding: utf-8 */
-- squawk-ignore-file constraint-missing-not-valid, ban-drop-function, ban-drop-constraint
-- (one transaction, as pgmigrate runs it: the tables concerned are short yet, and the product is stopped meanwhile)
-- Who answered a campaign and who left after it are counted as they come, and the evidence counts its rows when asked.

drop function if exists api.campanha_prova(uuid, text, uuid, text, integer, text);

alter table public.campanhas_totais
drop constraint campanhas_totais_chave_check,
add constraint campanhas_totais_chave_check check (chave in (
    'PENDENTE', 'RESERVADO', 'ENVIANDO', 'ENVIADO', 'INCERTO', 'FALHOU', 'PULADO', 'ENTREGUE', 'LIDO', 'RESPONDEU', 'SAIU'
)) not valid;
call interno.restricao_validar('public.campanhas_totais', 'campanhas_totais_chave_check');
comment on table public.campanhas_totais is
'Quantos destinatários há em cada estado, quantos responderam e quantos saíram, mantido por gatilho: ler o progresso não custa o tamanho da campanha.';

-- as many as a contact's fields may be, and what the export writes before them
alter table public.importacoes
drop constraint importacoes_colunas_check,
add constraint importacoes_colunas_check check (cardinality(colunas) between 1 and 60) not valid,
drop constraint importacoes_destinos_check,
add constraint importacoes_destinos_check check (cardinality(destinos) between 1 and 60) not valid;
call interno.restricao_validar('public.importacoes', 'importacoes_colunas_check');
call interno.restricao_validar('public.importacoes', 'importacoes_destinos_check');

create function interno.tg_campanhas_retornos__somar() returns trigger
language plpgsql set search_path = '' as $$ begin return null; end $$;
-- at the end of the transaction: the row that all of a campaign share is held for the least time, and after the others
create constraint trigger _090_somar after insert on public.campanhas_retornos
deferrable initially deferred for each row execute function interno.tg_campanhas_retornos__somar();

do $retornos$
declare
    r_cliente record;
begin
    for r_cliente in select c.id from public.clientes as c loop
        perform set_config('app.cliente_id', r_cliente.id::text, true);
        insert into public.campanhas_totais (cliente_id, campanha_id, chave, total)
        select r.cliente_id, r.campanha_id, r.tipo, count(*)
        from public.campanhas_retornos as r
        where r.cliente_id = r_cliente.id
        group by r.cliente_id, r.campanha_id, r.tipo;
    end loop;
    perform set_config('app.cliente_id', '', true);
end
$retornos$;
