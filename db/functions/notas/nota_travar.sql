/* pgmigrate-encoding: utf-8 */
create or replace function interno.nota_travar(p_cliente_id uuid, p_id uuid, p_versao integer) returns public.notas
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_nota public.notas;
begin
    select n.* into v_nota from public.notas as n
    where n.cliente_id = p_cliente_id and n.id = p_id and n.removido_em is null for update;
    if not found or not exists (
        select from public.conversas as v
        where v.cliente_id = p_cliente_id and v.id = v_nota.conversa_id and interno.visivel(p_cliente_id, v.usuario_id, v.equipe_id)
    ) then
        raise exception using errcode = 'ZNV80', message = 'nota não encontrada';
    end if;
    if v_nota.usuario_id <> interno.usuario_corrente() then
        raise exception using errcode = 'ZPV80', message = 'só quem escreveu a nota pode mudá-la';
    end if;
    perform interno.versao_conferir(v_nota.versao, p_versao);
    return v_nota;
end
$$;
comment on function interno.nota_travar(uuid, uuid, integer) is
'A nota de quem pede, travada.
Erros: ZNV80 nota não encontrada; ZPV80 de outra pessoa; ZCG02 versão antiga.
Efeitos: trava de linha em notas.
Desde: 0.3.0';
