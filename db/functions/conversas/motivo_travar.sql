/* pgmigrate-encoding: utf-8 */
create or replace function interno.motivo_travar(p_cliente_id uuid, p_id uuid, p_versao integer) returns public.motivos_resolucao
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_motivo public.motivos_resolucao;
begin
    select m.* into v_motivo from public.motivos_resolucao as m where m.cliente_id = p_cliente_id and m.id = p_id for update;
    if not found then
        raise exception using errcode = 'ZNV20', message = 'motivo de resolução não encontrado';
    end if;
    perform interno.versao_conferir(v_motivo.versao, p_versao);
    return v_motivo;
end
$$;
comment on function interno.motivo_travar(uuid, uuid, integer) is
'Trava um motivo de resolução para mudança, se a versão é a lida.
Erros: ZNV20 motivo não encontrado; ZCG02 versão antiga.
Efeitos: trava a linha.
Desde: 0.3.0';
