/* pgmigrate-encoding: utf-8 */
create or replace function api.conexao_atendimento_atualizar(
    p_cliente_id uuid, p_sessao text, p_id uuid, p_equipe_id uuid, p_dono_minutos integer, p_versao integer default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_conexao public.conexoes;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'atendimento:gerir');
    v_conexao := interno.conexao_travar(p_cliente_id, p_id, p_versao);
    update public.conexoes as x set equipe_id = p_equipe_id, dono_minutos = p_dono_minutos
    where x.cliente_id = p_cliente_id and x.id = p_id
    returning x.* into v_conexao;
    perform interno.auditar(p_cliente_id, 'conexao_atendimento_atualizado', 'conexoes', p_id, jsonb_build_object(
        'equipeId', p_equipe_id, 'donoMinutos', p_dono_minutos
    ));
    return interno.conexao_json(v_conexao);
end
$$;
comment on function api.conexao_atendimento_atualizar(uuid, text, uuid, uuid, integer, integer) is
'Diz em que fila caem as conversas novas de um número (p_equipe_id nulo = na de todos) e por quantos minutos abertos uma que volta espera por quem a atendeu (0 = não espera).
Erros: ZAG01 sessão inválida; ZPG01 sem permissão; ZNX01 conexão não encontrada; ZNI04 equipe não encontrada; ZCG02 versão antiga; 23514 minutos fora de 0 a 1440; 23502 minutos ausentes.
Efeitos: conexoes, auditoria, eventos.
Desde: 0.3.0';
