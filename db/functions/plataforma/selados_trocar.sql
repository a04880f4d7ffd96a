/* pgmigrate-encoding: utf-8 */
create or replace function plataforma.selados_trocar(p_cliente_id uuid, p_tabela text, p_itens jsonb) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_trocados integer := 0;
    r_item record;
begin
    perform interno.contexto_trabalho(p_cliente_id);
    for r_item in
        select
            (x.item ->> 'id')::uuid as id, decode(x.item ->> 'antes', 'base64') as antes,
            decode(x.item ->> 'depois', 'base64') as depois, decode(x.item ->> 'impressao', 'base64') as impressao
        from jsonb_array_elements(p_itens) as x (item)
        order by 1
    loop
        -- what was saved meanwhile is not there any more, and was sealed by whoever saved it
        case p_tabela
            when 'conexoes' then
                update public.conexoes as c
                set credenciais = r_item.depois, segredo_impressao = coalesce(r_item.impressao, c.segredo_impressao)
                where c.cliente_id = p_cliente_id and c.id = r_item.id and c.credenciais = r_item.antes;
            when 'inscricoes' then
                update public.inscricoes as i set credenciais = r_item.depois
                where i.cliente_id = p_cliente_id and i.id = r_item.id and i.credenciais = r_item.antes;
            when 'fatores' then
                update public.fatores as f set segredo = r_item.depois
                where f.cliente_id = p_cliente_id and f.id = r_item.id and f.segredo = r_item.antes;
        end case;
        v_trocados := v_trocados + found::integer;
    end loop;
    if v_trocados > 0 then
        perform interno.auditar(p_cliente_id, 'segredos_recifrados', p_tabela, null, jsonb_build_object('quantos', v_trocados));
    end if;
    return jsonb_build_object('trocados', v_trocados);
end
$$;
comment on function plataforma.selados_trocar(uuid, text, jsonb) is
'Põe no lugar de cada segredo o mesmo, selado pela chave atual do anel, se ainda é o que foi lido; das conexões também a impressão, que deriva da chave. Só a borda os abre.
Erros: 20000 tabela desconhecida; 22023 base64; 23514 valor fora da regra.
Efeitos: conexoes, inscricoes, fatores, auditoria.
Desde: 0.3.0';
