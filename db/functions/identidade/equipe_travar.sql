/* pgmigrate-encoding: utf-8 */
create or replace function interno.equipe_travar(p_cliente_id uuid, p_id uuid, p_versao integer) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_versao integer;
begin
    select e.versao into v_versao from public.equipes as e
    where e.cliente_id = p_cliente_id and e.id = p_id
    for update;
    if not found then
        raise exception using errcode = 'ZNI04', message = 'equipe não encontrada';
    end if;
    perform interno.versao_conferir(v_versao, p_versao);
end
$$;
comment on function interno.equipe_travar(uuid, uuid, integer) is
'Trava uma equipe para mudança, se a versão é a lida.
Erros: ZNI04 equipe não encontrada; ZCG02 versão antiga.
Efeitos: trava a linha.
Desde: 0.1.0';
