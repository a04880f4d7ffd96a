/* pgmigrate-encoding: utf-8 */
create or replace function api.fila_morta_obter(p_cliente_id uuid, p_sessao text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_item jsonb;
    v_alvo uuid;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'fila:ler');
    v_item := interno.fila_morta_json(p_cliente_id, array[p_id]) -> 0;
    if v_item is null then
        raise exception using errcode = 'ZNF01', message = 'item da fila morta não encontrado';
    end if;
    v_alvo := (v_item ->> 'alvoId')::uuid;
    return v_item || jsonb_build_object(
        'provas', interno.tentativas_json(p_cliente_id, v_alvo),
        'decisoes', interno.decisoes_json(p_cliente_id, v_alvo),
        -- the same thing may have died before, and been brought back
        'antes', (
            select interno.fila_morta_json(p_cliente_id, array(
                select d.id from public.fila_morta as d
                where d.cliente_id = p_cliente_id and d.alvo_id = v_alvo and d.id <> p_id
                order by d.id desc limit 50
            ))
        ),
        'contato', (
            select jsonb_build_object('id', c.id, 'nome', c.nome, 'telefone', c.telefone)
            from public.contatos as c
            where c.cliente_id = p_cliente_id and c.id = (v_item ->> 'contatoId')::uuid
                and interno.visivel(p_cliente_id, c.responsavel_id, c.equipe_id)
        ),
        'naFila', (
            select jsonb_build_object('id', f.id, 'executarEm', f.executar_em, 'tentativas', f.tentativas)
            from public.fila as f
            where f.cliente_id = p_cliente_id and f.tipo = v_item ->> 'tipo' and f.alvo_id = v_alvo
        )
    );
end
$$;
comment on function api.fila_morta_obter(uuid, text, uuid) is
'Um item da fila morta com toda a história: tentativas e status, decisões, outras vezes que desistiu, e a linha que hoje espera por ele. A pessoa só aparece a quem a vê.
Erros: ZNF01.
Efeitos: nenhum.
Desde: 0.2.0';
