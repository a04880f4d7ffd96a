/* pgmigrate-encoding: utf-8 */
create or replace function interno.contato_travar(p_cliente_id uuid, p_id uuid, p_versao integer default null)
returns public.contatos
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_contato public.contatos;
begin
    select c.* into v_contato
    from public.contatos as c
    where c.cliente_id = p_cliente_id and c.id = p_id and c.removido_em is null
        and interno.visivel(p_cliente_id, c.responsavel_id, c.equipe_id)
    for update;
    if not found then
        raise exception using errcode = 'ZNC01', message = 'contato não encontrado';
    end if;
    perform interno.versao_conferir(v_contato.versao, p_versao);
    return v_contato;
end
$$;
comment on function interno.contato_travar(uuid, uuid, integer) is
'Tranca o contato que vai mudar, se quem pede pode vê-lo, e confere a versão.
Erros: ZNC01 contato não encontrado; ZCG02 versão antiga.
Efeitos: tranca a linha até o fim da transação.
Desde: 0.1.0';
