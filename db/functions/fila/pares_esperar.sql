/* pgmigrate-encoding: utf-8 */
create or replace function interno.pares_esperar(
    p_cliente_id uuid, p_conexao_id uuid, p_classe text, p_itens jsonb, p_agora timestamptz
) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    r_contato record;
    v_recusas integer;
begin
    for r_contato in
        select distinct (i.value #>> '{alvo,contato_id}')::uuid as id, (i.value ->> 'codigo')::integer as codigo
        from jsonb_array_elements(p_itens) as i
        order by id
    loop
        insert into public.pares as p (cliente_id, conexao_id, contato_id, quitado_em, recusas, livre_em)
        values (p_cliente_id, p_conexao_id, r_contato.id, p_agora, 1, p_agora + interno.espera_de_envio(p_classe, 1, 0))
        on conflict (cliente_id, conexao_id, contato_id) do update
        set recusas = least(p.recusas + 1, 10), livre_em = p_agora + interno.espera_de_envio(p_classe, p.recusas + 1, 0)
        returning p.recusas into v_recusas;
        if v_recusas >= 3 then
            perform interno.ocorrencia_registrar(
                p_cliente_id, 'CONTATO', r_contato.id, p_conexao_id, p_classe, r_contato.codigo,
                'O WhatsApp pede mais tempo entre as mensagens para esta pessoa: só as dela esperam'
            );
        end if;
    end loop;
end
$$;
comment on function interno.pares_esperar(uuid, uuid, text, jsonb, timestamptz) is
'Depois de uma recusa por excesso para a mesma pessoa, faz as mensagens dela esperarem, mais a cada recusa seguida.
Erros: nenhum.
Efeitos: pares; ocorrencias, da terceira recusa seguida em diante.
Desde: 0.2.0';
