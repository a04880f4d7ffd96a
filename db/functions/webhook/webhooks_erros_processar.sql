/* pgmigrate-encoding: utf-8 */
create or replace function interno.webhooks_erros_processar(p_cliente_id uuid, p_ids uuid[]) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    r_erro record;
begin
    for r_erro in
        select w.conexao_id, e.codigo, e.texto, min(w.recebido_em) as recebido_em
        from public.webhooks_recebidos as w
        cross join lateral jsonb_path_query(
            interno.corpo_ler(w.corpo), '$.entry[*].changes[*].value.errors[*] ? (@.type() == "object")'
        ) as v (value)
        cross join lateral (
            select case when v.value ->> 'code' ~ '^[0-9]{1,9}$' then (v.value ->> 'code')::integer end as codigo,
                left('O WhatsApp avisou: ' || coalesce(
                    interno.jsonb_texto(v.value #> '{error_data,details}', 500), interno.jsonb_texto(v.value -> 'title', 500), 'erro sem texto'
                ), 500) as texto
        ) as e
        where w.cliente_id = p_cliente_id and w.id = any (p_ids)
        group by w.conexao_id, e.codigo, e.texto
        order by w.conexao_id, e.codigo, e.texto
    loop
        -- it brings neither id nor time: what says the same within the hour before it came is the same
        continue when exists (
            select from public.ocorrencias as o
            where o.cliente_id = p_cliente_id and o.conexao_id = r_erro.conexao_id and o.motivo = 'ERRO_AVISADO'
                and o.erro_codigo is not distinct from r_erro.codigo and o.texto = r_erro.texto
                and o.ocorrido_em > r_erro.recebido_em - interval '1 hour'
        );
        perform interno.ocorrencia_registrar(
            p_cliente_id, 'CONEXAO', r_erro.conexao_id, r_erro.conexao_id, 'ERRO_AVISADO', r_erro.codigo, r_erro.texto
        );
    end loop;
end
$$;
comment on function interno.webhooks_erros_processar(uuid, uuid[]) is
'Anota no número os erros que a Meta avisa soltos, sem mensagem nem status; o mesmo erro, uma vez por hora.
Erros: 22P02 quando um corpo não se lê.
Efeitos: ocorrencias.
Desde: 0.3.0';
