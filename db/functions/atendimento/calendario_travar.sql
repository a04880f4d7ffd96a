/* pgmigrate-encoding: utf-8 */
create or replace function interno.calendario_travar(p_cliente_id uuid, p_id uuid, p_versao integer) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_versao integer;
begin
    select c.versao into v_versao from public.calendarios as c
    where c.cliente_id = p_cliente_id and c.id = p_id
    for update;
    if not found then
        raise exception using errcode = 'ZNA01', message = 'calendário não encontrado';
    end if;
    perform interno.versao_conferir(v_versao, p_versao);
end
$$;
comment on function interno.calendario_travar(uuid, uuid, integer) is
'Trava um calendário para mudança, se a versão é a lida.
Erros: ZNA01 calendário não encontrado; ZCG02 versão antiga.
Efeitos: trava a linha.
Desde: 0.3.0';
