/* pgmigrate-encoding: utf-8 */
create or replace function interno.resposta_travar(p_cliente_id uuid, p_id uuid, p_versao integer) returns public.respostas_rapidas
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_resposta public.respostas_rapidas;
begin
    perform from public.respostas_rapidas as r where r.cliente_id = p_cliente_id and r.id = p_id for update;
    v_resposta := interno.resposta_ver(p_cliente_id, p_id);
    perform interno.resposta_escopo_conferir(p_cliente_id, v_resposta.escopo);
    perform interno.versao_conferir(v_resposta.versao, p_versao);
    return v_resposta;
end
$$;
comment on function interno.resposta_travar(uuid, uuid, integer) is
'A resposta rápida que quem pede pode mudar, travada.
Erros: ZNV82 não encontrada; ZPG01 sem permissão; ZCG02 versão antiga.
Efeitos: trava de linha em respostas_rapidas.
Desde: 0.3.0';
