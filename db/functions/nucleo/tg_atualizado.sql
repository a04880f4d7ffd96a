/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_atualizado() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    new.versao := old.versao + 1;
    new.atualizado_em := now();
    return new;
end
$$;
comment on function interno.tg_atualizado() is
'Sobe a versão e a data da linha a cada mudança.
Erros: nenhum.
Efeitos: versao e atualizado_em.
Desde: 0.1.0';
