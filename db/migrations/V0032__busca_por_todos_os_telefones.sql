/* pgmigrate-encoding: utf-8 */
-- squawk-ignore-file require-concurrent-index-creation
-- (one transaction, as pgmigrate runs it, with the product stopped)
-- A person is found by every phone that is theirs, also those left behind; received events, by what they speak of.

create policy contatos_identidades_busca on public.contatos_identidades for select to crm_busca using (true);
create index contatos_identidades_valor_idx on public.contatos_identidades using gin (cliente_id, valor public.gin_trgm_ops)
where tipo in ('E164', 'WA_ID', 'JID');

-- most bodies speak of one thing; the few that speak of several are kept apart
create index webhooks_recebidos_campo_idx on public.webhooks_recebidos (cliente_id, (campos[1]), id);
create index webhooks_recebidos_campos_idx on public.webhooks_recebidos (cliente_id, id) where cardinality(campos) > 1;
