/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_sessoes__fator() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    if exists (
        select from public.fatores as f
        where f.cliente_id = new.cliente_id and f.usuario_id = new.usuario_id and f.ativado_em is not null
    ) then
        raise exception using errcode = 'ZAI03', message = 'falta o código do segundo fator', column = 'codigo';
    end if;
    return null;
end
$$;
comment on function interno.tg_sessoes__fator() is
'Nenhuma sessão de quem tem segundo fator se abre sem a prova dele, seja qual for a função que a abra.
Erros: ZAI03.
Efeitos: nenhum.
Desde: 0.3.0';
