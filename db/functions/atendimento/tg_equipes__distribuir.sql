/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_equipes__distribuir() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    -- each of what waits, for each brings the queue back when the hours begin
    perform interno.distribuicao_pedir(new.cliente_id, 'conversa_distribuir', v.id)
    from public.conversas as v
    where v.cliente_id = new.cliente_id and v.equipe_id = new.id and v.usuario_id is null and v.dono_id is null
        and v.status = 'ABERTA' and v.controle <> 'BOT' and (v.ultima_entrada_em is not null or v.versao > 1);
    return null;
end
$$;
comment on function interno.tg_equipes__distribuir() is
'Uma equipe passou a AUTOMATICA, ou mudou de expediente: distribui o que já espera.
Erros: nenhum.
Efeitos: fila.
Desde: 0.3.0';
