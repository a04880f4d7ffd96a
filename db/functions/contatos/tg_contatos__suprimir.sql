/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_contatos__suprimir() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    if new.telefone is null or (tg_op = 'UPDATE' and new.telefone is not distinct from old.telefone) then
        return new;
    end if;
    if exists (
        select from public.supressoes as s
        where s.cliente_id = new.cliente_id and s.telefone_hash = interno.telefone_hash(new.cliente_id, new.telefone)
    ) then
        new.marketing := 'REVOGADO';
    elsif tg_op = 'UPDATE' and new.marketing = 'REVOGADO' then
        -- the refusal belongs to the person, and follows them to the new number
        insert into public.supressoes (cliente_id, telefone_hash)
        values (new.cliente_id, interno.telefone_hash(new.cliente_id, new.telefone))
        on conflict do nothing;
    end if;
    return new;
end
$$;
comment on function interno.tg_contatos__suprimir() is
'Quem recusou marketing começa REVOGADO ao voltar, venha por onde vier.
Erros: nenhum.
Efeitos: marketing da linha, supressoes.
Desde: 0.1.0';
