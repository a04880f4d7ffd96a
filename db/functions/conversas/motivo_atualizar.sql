/* pgmigrate-encoding: utf-8 */
create or replace function api.motivo_atualizar(
    p_cliente_id uuid, p_sessao text, p_id uuid, p_nome text default null, p_ativo boolean default null, p_versao integer default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_motivo public.motivos_resolucao;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'atendimento:gerir');
    v_motivo := interno.motivo_travar(p_cliente_id, p_id, p_versao);
    update public.motivos_resolucao as m set nome = coalesce(btrim(p_nome), m.nome), ativo = coalesce(p_ativo, m.ativo)
    where m.cliente_id = p_cliente_id and m.id = v_motivo.id
    returning m.* into v_motivo;
    perform interno.auditar(p_cliente_id, 'motivo_atualizado', 'motivos_resolucao', p_id), interno.avisar(p_cliente_id, 'motivo_mudou', p_id);
    return interno.motivo_json(v_motivo);
end
$$;
comment on function api.motivo_atualizar(uuid, text, uuid, text, boolean, integer) is
'Muda o nome de um motivo de resolução, ou o desativa: deixa de ser oferecido e continua no que foi resolvido com ele.
Erros: ZNV20 motivo não encontrado; ZCV21 nome repetido; ZRV60 tamanho do nome; ZCG02 versão antiga.
Efeitos: motivos_resolucao, auditoria, eventos.
Desde: 0.3.0';
