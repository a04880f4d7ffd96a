/* pgmigrate-encoding: utf-8 */
create or replace function api.ocorrencias_listar(
    p_cliente_id uuid, p_sessao text, p_escopo text default null, p_alvo_id uuid default null, p_conexao_id uuid default null,
    p_motivo text default null, p_limite integer default null, p_cursor text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_limite integer;
    v_antes uuid;
    v_itens jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conexoes:ler');
    v_limite := interno.limite_ler(p_limite);
    v_antes := interno.cursor_ler(p_cursor);
    select coalesce(jsonb_agg(interno.ocorrencia_json(x.linha) order by x.id desc), '[]') into v_itens
    from (
        select o.id, o as linha
        from public.ocorrencias as o
        where o.cliente_id = p_cliente_id
            and (p_escopo is null or o.escopo = p_escopo)
            and (p_alvo_id is null or o.alvo_id = p_alvo_id)
            and (p_conexao_id is null or o.conexao_id = p_conexao_id)
            and (p_motivo is null or o.motivo = p_motivo)
            and (o.escopo <> 'CONTATO' or exists (
                select from public.contatos as c
                where c.cliente_id = p_cliente_id and c.id = o.alvo_id and interno.visivel(p_cliente_id, c.responsavel_id, c.equipe_id)
            ))
            and (v_antes is null or o.id < v_antes)
        order by o.id desc
        limit v_limite + 1
    ) as x;
    return interno.pagina(v_itens, v_limite);
end
$$;
comment on function api.ocorrencias_listar(uuid, text, text, uuid, uuid, text, integer, text) is
'O que o sistema decidiu ou soube sozinho de números, campanhas, modelos, contatos e contas, do mais novo para o mais velho; as de contatos, só de quem a pessoa vê.
Erros: 22023 limite ou cursor inválido.
Efeitos: nenhum.
Desde: 0.2.0';
