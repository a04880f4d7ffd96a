/* pgmigrate-encoding: utf-8 */
create or replace function interno.conexao_travar(p_cliente_id uuid, p_id uuid, p_versao integer default null)
returns public.conexoes
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_conexao public.conexoes;
begin
    select x.* into v_conexao
    from public.conexoes as x
    where x.cliente_id = p_cliente_id and x.id = p_id and x.removido_em is null
    for update;
    if not found then
        raise exception using errcode = 'ZNX01', message = 'conexão não encontrada';
    end if;
    perform interno.versao_conferir(v_conexao.versao, p_versao);
    return v_conexao;
end
$$;
comment on function interno.conexao_travar(uuid, uuid, integer) is
'Tranca a conexão que vai mudar e confere a versão.
Erros: ZNX01 conexão não encontrada; ZCG02 versão antiga.
Efeitos: tranca a linha até o fim da transação.
Desde: 0.1.0';
