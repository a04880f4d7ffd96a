/* pgmigrate-encoding: utf-8 */
create or replace function api.importacao_recusadas_obter(p_cliente_id uuid, p_sessao text, p_id uuid, p_ordem integer default 1) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_recusadas jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'contatos:importar');
    if not exists (
        select from public.importacoes as i
        where i.cliente_id = p_cliente_id and i.id = p_id and interno.visivel(p_cliente_id, i.usuario_id, null)
    ) then
        raise exception using errcode = 'ZNC04', message = 'importação não encontrada';
    end if;
    select k.recusadas into v_recusadas
    from public.importacoes_lotes as k
    where k.cliente_id = p_cliente_id and k.importacao_id = p_id and k.ordem = p_ordem;
    return jsonb_build_object(
        'linhas', (
            select coalesce(jsonb_agg(jsonb_build_object(
                'linha', l.linha, 'motivo', l.motivo, 'mensagem', interno.importacao_motivo(l.motivo), 'nome', l.nome,
                'telefone', l."telefoneInformado", 'email', l.email, 'etiquetas', coalesce(l.etiquetas, '[]'),
                'campos', coalesce(l.campos, '{}'), 'celulas', coalesce(l.celulas, '[]')
            ) order by l.linha), '[]')
            from jsonb_to_recordset(v_recusadas) as l (
                linha integer, motivo text, nome text, "telefoneInformado" text, email text, etiquetas jsonb, campos jsonb,
                celulas jsonb
            )
        ),
        'proxima', (
            select min(k.ordem) from public.importacoes_lotes as k
            where k.cliente_id = p_cliente_id and k.importacao_id = p_id and k.ordem > p_ordem and k.motivos <> '{}'
        )
    );
end
$$;
comment on function api.importacao_recusadas_obter(uuid, text, uuid, integer) is
'As linhas que não entram, de um lote (até duas mil), cada uma com o motivo e as células como vieram no arquivo; proxima = o próximo lote que tem alguma, ou nulo.
Erros: ZNC04 importação não encontrada.
Efeitos: nenhum.
Desde: 0.3.0';
