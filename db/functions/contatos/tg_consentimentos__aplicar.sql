/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_consentimentos__aplicar() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_hash bytea;
begin
    update public.contatos as c set marketing = new.acao
    where c.cliente_id = new.cliente_id and c.id = new.contato_id and c.marketing <> new.acao;
    select interno.telefone_hash(new.cliente_id, c.telefone) into v_hash
    from public.contatos as c
    where c.cliente_id = new.cliente_id and c.id = new.contato_id and c.telefone is not null;
    if v_hash is null then
        return null;
    end if;
    if new.acao = 'REVOGADO' then
        insert into public.supressoes (cliente_id, telefone_hash) values (new.cliente_id, v_hash) on conflict do nothing;
    else
        delete from public.supressoes as s where s.cliente_id = new.cliente_id and s.telefone_hash = v_hash;
    end if;
    return null;
end
$$;
comment on function interno.tg_consentimentos__aplicar() is
'Leva o último consentimento ao resumo do contato e à lista de supressão.
Erros: nenhum.
Efeitos: contatos.marketing, supressoes.
Desde: 0.1.0';
