/* pgmigrate-encoding: utf-8 */
create or replace function api.conversas_contar(
    p_cliente_id uuid, p_sessao text, p_filtros jsonb default '{}', p_abas text[] default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    c_abas constant jsonb := '{"MINHAS": "minhas", "FILA": "fila", "TODAS": "todas", "MENCOES": "mencoes"}';
    v_filtros public.conversas_filtros;
    v_outros public.conversas_filtros;
    v_achadas uuid[];
    v_abas jsonb := '{}';
    v_status jsonb;
    r_parte record;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:ler');
    v_filtros := interno.conversas_filtros_ler(p_filtros);
    if not c_abas ?& coalesce(p_abas, '{}') then
        raise exception using errcode = '22023', message = 'esta aba não existe', column = 'abas';
    end if;
    if v_filtros.texto is not null then
        -- the same for every tab and state, and dear
        v_achadas := interno.conversas_conjunto(p_cliente_id, v_filtros, 'ULTIMA_ATIVIDADE');
    end if;
    for r_parte in select a.key as aba, a.value as nome from jsonb_each_text(c_abas) as a where p_abas is null or a.key = any (p_abas) loop
        v_outros := v_filtros;
        v_outros.aba := r_parte.aba;
        v_abas := v_abas || jsonb_build_object(r_parte.nome, interno.conversas_quantas(p_cliente_id, v_outros, v_achadas));
    end loop;
    if p_abas is null or v_filtros.aba = any (p_abas) then
        v_status := '{}';
        for r_parte in
            select s.status, s.nome
            from (values ('ABERTA', 'aberta'), ('EM_ATENDIMENTO', 'emAtendimento'), ('AGUARDANDO_CLIENTE', 'aguardandoCliente'),
                ('ADIADA', 'adiada'), ('RESOLVIDA', 'resolvida')) as s (status, nome)
        loop
            v_outros := v_filtros;
            v_outros.status := array[r_parte.status];
            v_status := v_status || jsonb_build_object(r_parte.nome, interno.conversas_quantas(p_cliente_id, v_outros, v_achadas));
        end loop;
    end if;
    return jsonb_build_object('abas', v_abas, 'status', v_status);
end
$$;
comment on function api.conversas_contar(uuid, text, jsonb, text[]) is
'Quantas conversas a lista daria em cada aba e, na aba pedida, em cada status, pelo mesmo predicado. Conta até 1000: dali em diante, mais = true. p_abas: só estas abas, e o status só se a pedida é uma delas.
Erros: 22* aba, filtro ou busca inválidos.
Efeitos: nenhum.
Desde: 0.3.0';
