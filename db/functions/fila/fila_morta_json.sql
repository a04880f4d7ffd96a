/* pgmigrate-encoding: utf-8 */
create or replace function interno.fila_morta_json(p_cliente_id uuid, p_ids uuid[]) returns jsonb
language plpgsql stable security invoker set search_path = ''
as $$
begin
    return (
    select coalesce(jsonb_agg(jsonb_build_object(
        'id', d.id, 'grupo', d.grupo, 'tipo', d.tipo, 'tipoTexto', s.texto, 'conexaoId', d.conexao_id, 'alvo', s.alvo,
        'alvoId', d.alvo_id, 'alvoStatus', s.alvo_status, 'campanhaId', s.campanha_id, 'conversaId', s.conversa_id,
        'contatoId', s.contato_id, 'classe', d.classe, 'classeTexto', c.texto, 'erroCodigo', d.erro_codigo,
        'erroTexto', d.erro_texto, 'tentativas', d.tentativas, 'mortaEm', d.morta_em, 'resolvidaEm', d.resolvida_em,
        'resolucao', d.resolucao, 'resolucaoMotivo', d.resolucao_motivo, 'resolvidaPor', d.resolvida_por,
        'recusa', s.recusa, 'recusaTexto', case when s.recusa is not null then interno.fila_recusa_texto(s.recusa) end
    ) order by d.id desc), '[]')
    from public.fila_morta as d
    join interno.fila_morta_situacao(p_cliente_id, p_ids) as s on s.id = d.id
    left join public.provedor_classes as c on c.classe = d.classe
    where d.cliente_id = p_cliente_id and d.id = any (p_ids)
    );
end
$$;
comment on function interno.fila_morta_json(uuid, uuid[]) is
'O que desistiu, como a API o mostra: só ids e estados, nenhum dado de pessoa.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
