/* pgmigrate-encoding: utf-8 */
create or replace function interno.contatos_limite_conferir(p_cliente_id uuid) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    -- called after the insert: its trigger holds the row of the total, so no other creation is in between
    if interno.contatos_livres(p_cliente_id) < 0 then
        raise exception using errcode = 'ZLC01', message = 'o plano não permite mais contatos';
    end if;
end
$$;
comment on function interno.contatos_limite_conferir(uuid) is
'Recusa, depois de criar, passar do que o plano permite.
Erros: ZLC01 limite do plano.
Efeitos: nenhum.
Desde: 0.1.0';
