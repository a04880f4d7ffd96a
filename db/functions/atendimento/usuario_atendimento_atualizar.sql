/* pgmigrate-encoding: utf-8 */
create or replace function api.usuario_atendimento_atualizar(
    p_cliente_id uuid, p_sessao text, p_id uuid, p_capacidade integer, p_versao integer default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_versao integer;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'atendimento:gerir');
    select u.versao into v_versao from public.usuarios as u
    where u.cliente_id = p_cliente_id and u.id = p_id
    for no key update;
    if not found then
        raise exception using errcode = 'ZNI02', message = 'usuário não encontrado';
    end if;
    perform interno.versao_conferir(v_versao, p_versao);
    update public.usuarios as u set capacidade = p_capacidade where u.cliente_id = p_cliente_id and u.id = p_id;
    perform interno.auditar(
        p_cliente_id, 'usuario_atendimento_atualizado', 'usuarios', p_id, jsonb_build_object('capacidade', p_capacidade)
    );
    return interno.usuarios_json(p_cliente_id, array[p_id]) -> 0;
end
$$;
comment on function api.usuario_atendimento_atualizar(uuid, text, uuid, integer, integer) is
'Diz quantas conversas em atendimento a fila dá a uma pessoa ao mesmo tempo.
Erros: ZAG01 sessão inválida; ZPG01 sem permissão; ZNI02 usuário não encontrado; ZCG02 versão antiga; 23514 fora de 0 a 200; 23502 ausente.
Efeitos: usuarios, auditoria, eventos.
Desde: 0.3.0';
