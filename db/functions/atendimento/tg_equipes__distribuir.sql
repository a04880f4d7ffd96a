/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_equipes__distribuir() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    -- each of what waits, for each brings the queue back when the hours begin
    perform interno.distribuicao_pedir(new.cliente_id, 'conversa_distribuir', v.id)
    from public.conversas as v
    where v.cliente_id = new.cliente_id and v.equipe_id = new.id and v.dono_id is null and interno.conversa_na_fila(v);
    return null;
end
$$;
comment on function interno.tg_equipes__distribuir() is
'Uma equipe passou a AUTOMATICA, ou mudou de expediente: distribui o que já espera.
Erros: nenhum.
Efeitos: fila.
Desde: 0.3.0';
