/* pgmigrate-encoding: utf-8 */
create or replace function interno.importacao_travar(p_cliente_id uuid, p_id uuid, p_versao integer default null)
returns public.importacoes
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_importacao public.importacoes;
begin
    select i.* into v_importacao
    from public.importacoes as i
    where i.cliente_id = p_cliente_id and i.id = p_id and interno.visivel(p_cliente_id, i.usuario_id, null)
    for update;
    if not found then
        raise exception using errcode = 'ZNC04', message = 'importação não encontrada';
    end if;
    perform interno.versao_conferir(v_importacao.versao, p_versao);
    return v_importacao;
end
$$;
comment on function interno.importacao_travar(uuid, uuid, integer) is
'Tranca a importação que vai andar, se quem pede pode vê-la, e confere a versão.
Erros: ZNC04 importação não encontrada; ZCG02 versão antiga.
Efeitos: tranca a linha até o fim da transação.
Desde: 0.3.0';
