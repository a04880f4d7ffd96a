/* pgmigrate-encoding: utf-8 */
create or replace function interno.visao_travar(p_cliente_id uuid, p_id uuid, p_versao integer) returns public.visoes
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_visao public.visoes;
begin
    select s.* into v_visao from public.visoes as s
    where s.cliente_id = p_cliente_id and s.id = p_id and s.usuario_id = interno.usuario_corrente()
    for update;
    if not found then
        raise exception using errcode = 'ZNV06', message = 'visão não encontrada';
    end if;
    perform interno.versao_conferir(v_visao.versao, p_versao);
    return v_visao;
end
$$;
comment on function interno.visao_travar(uuid, uuid, integer) is
'A visão salva, travada para mudar: só quem a criou a muda.
Erros: ZNV06 visão não encontrada; ZCG02 versão antiga.
Efeitos: nenhum.
Desde: 0.3.0';
