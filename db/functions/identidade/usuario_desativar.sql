/* pgmigrate-encoding: utf-8 */
create or replace function api.usuario_desativar(
    p_cliente_id uuid, p_sessao text, p_id uuid, p_versao integer default null, p_para_id uuid default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_dadas integer := 0;
    v_soltas integer;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'usuarios:gerir');
    perform interno.usuario_travar(p_cliente_id, p_id, p_versao);
    update public.usuarios as u set ativo = false where u.cliente_id = p_cliente_id and u.id = p_id and u.ativo <> false;
    perform interno.administrador_conferir(p_cliente_id),
        interno.usuario_sessoes_revogar(p_cliente_id, p_id, 'USUARIO_DESATIVADO');
    delete from public.convites as k where k.cliente_id = p_cliente_id and k.usuario_id = p_id;
    if p_para_id is not null then
        v_dadas := interno.conversas_passar(p_cliente_id, p_id, p_para_id, 'Usuário desativado');
    end if;
    v_soltas := interno.conversas_soltar(p_cliente_id, p_id, null, 'Usuário desativado');
    perform interno.auditar(p_cliente_id, 'usuario_desativado', 'usuarios', p_id, jsonb_build_object(
        'conversasDadas', v_dadas, 'para', p_para_id, 'conversasDevolvidas', v_soltas
    ));
    return (interno.usuarios_json(p_cliente_id, array[p_id]) -> 0)
        || jsonb_build_object('conversasDadas', v_dadas, 'conversasDevolvidas', v_soltas);
end
$$;
comment on function api.usuario_desativar(uuid, text, uuid, integer, uuid) is
'Desativa um usuário e encerra suas sessões: vale na chamada seguinte. As conversas que ele atende passam a p_para_id, as das equipes em que este está, e as outras voltam à fila da equipe de cada uma.
Erros: ZAG01 sessão inválida; ZPG01 sem permissão; ZPI01 acesso maior que o próprio; ZNI02 usuário não encontrado; ZCG02 versão antiga; ZRI01 último administrador; ZRV64 e ZRV66 quem recebe está desativado ou não responde.
Efeitos: usuarios, sessoes, convites, conversas, conversas_historico, auditoria, eventos.
Desde: 0.1.0';
