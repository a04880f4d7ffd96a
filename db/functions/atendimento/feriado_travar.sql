/* pgmigrate-encoding: utf-8 */
create or replace function interno.feriado_travar(p_cliente_id uuid, p_id uuid, p_versao integer) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_versao integer;
begin
    select f.versao into v_versao from public.feriados as f
    where f.cliente_id = p_cliente_id and f.id = p_id
    for update;
    if not found then
        raise exception using errcode = 'ZNA02', message = 'feriado não encontrado';
    end if;
    perform interno.versao_conferir(v_versao, p_versao);
end
$$;
comment on function interno.feriado_travar(uuid, uuid, integer) is
'Trava um feriado para mudança, se a versão é a lida.
Erros: ZNA02 feriado não encontrado; ZCG02 versão antiga.
Efeitos: trava a linha.
Desde: 0.3.0';
