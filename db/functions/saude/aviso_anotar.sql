/* pgmigrate-encoding: utf-8 */
create or replace function interno.aviso_anotar(
    p_cliente_id uuid, p_escopo text, p_alvo_id uuid, p_conexao_id uuid, p_motivo text, p_texto text
) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_desde uuid := uuidv7(interval '-24 hours');
begin
    -- an account's notice comes once for each of its numbers, and the provider repeats what it told
    if exists (
        select from public.ocorrencias as o
        where o.cliente_id = p_cliente_id and o.escopo = p_escopo and o.alvo_id = p_alvo_id and o.id > v_desde
            and o.motivo = p_motivo and o.texto = left(p_texto, 500)
    ) then
        return;
    end if;
    perform interno.ocorrencia_registrar(p_cliente_id, p_escopo, p_alvo_id, p_conexao_id, p_motivo, null, p_texto);
    perform interno.avisar(
        p_cliente_id, case p_escopo when 'MODELO' then 'modelo_mudou' when 'CONTA' then 'portfolio_mudou' else 'conexao_mudou' end, p_alvo_id
    );
end
$$;
comment on function interno.aviso_anotar(uuid, text, uuid, uuid, text, text) is
'Guarda o que o provedor avisou de um número, modelo ou conta; o mesmo aviso, uma vez por dia.
Erros: 23514 texto ou motivo fora da regra.
Efeitos: ocorrencias, eventos.
Desde: 0.2.0';
