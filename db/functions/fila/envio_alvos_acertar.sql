/* pgmigrate-encoding: utf-8 */
create or replace function interno.envio_alvos_acertar(p_cliente_id uuid, p_itens jsonb, p_agora timestamptz) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_mudancas jsonb;
begin
    select jsonb_agg(i.alvo || jsonb_build_object(
        'id_externo', coalesce(i.alvo ->> 'id_externo', i.id_externo),
        'enviado_em', case when i.acao = 'ENVIADO' then coalesce((i.alvo ->> 'enviado_em')::timestamptz, p_agora)
            else (i.alvo ->> 'enviado_em')::timestamptz end
    ) || case when i.alvo ->> 'status' not in ('ENVIANDO', 'INCERTO') then '{}' else jsonb_build_object(
        'status', case
            when i.acao in ('ENVIADO', 'INCERTO', 'FALHOU') then i.acao
            when i.acao = 'MORTA' then 'FALHOU'
            when i.acao = 'DEVOLVER' then i.alvo ->> 'devolve'
            else 'RESERVADO'
        end,
        'motivo', case i.acao when 'INCERTO' then 'SEM_RESPOSTA' when 'FALHOU' then i.classe when 'MORTA' then 'TENTATIVAS_ESGOTADAS' end,
        'erro_codigo', case when i.acao <> 'ENVIADO' then i.codigo end,
        'erro_texto', case when i.acao <> 'ENVIADO' then i.texto end
    ) end) into v_mudancas
    from jsonb_to_recordset(p_itens) as i (
        alvo jsonb, classe text, acao text, codigo integer, texto text, id_externo text
    )
    where i.acao <> 'RETIRAR';
    perform interno.alvos_gravar(p_cliente_id, v_mudancas, p_agora);
end
$$;
comment on function interno.envio_alvos_acertar(uuid, jsonb, timestamptz) is
'Leva aos alvos o que a resposta do provedor decidiu; o que um webhook já provou não volta atrás.
Erros: nenhum.
Efeitos: campanhas_log, mensagens, eventos.
Desde: 0.2.0';
