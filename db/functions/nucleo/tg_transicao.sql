/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_transicao() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    if new.status is distinct from old.status and not exists (
        select from public.transicoes as t
        where t.maquina = tg_table_name and t.de = old.status and t.para = new.status
    ) then
        raise exception using errcode = 'ZCG01',
            message = 'isto já não é possível no estado em que está: veja como está agora', column = 'status',
            detail = format('%s > %s', old.status, new.status);
    end if;
    return new;
end
$$;
comment on function interno.tg_transicao() is
'Recusa a mudança de estado que não está em transicoes.
Erros: ZCG01.
Efeitos: nenhum.
Desde: 0.1.0';
