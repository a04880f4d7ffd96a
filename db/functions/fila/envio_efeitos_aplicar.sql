/* pgmigrate-encoding: utf-8 */
create or replace function interno.envio_efeitos_aplicar(
    p_cliente_id uuid, p_conexao_id uuid, p_itens jsonb, p_agora timestamptz, p_sorte double precision
) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_aceitou boolean := p_itens @? '$[*] ? (@.acao == "ENVIADO")';
    r_efeito record;
begin
    if v_aceitou then
        update public.conexoes as x set falhas_seguidas = 0
        where x.cliente_id = p_cliente_id and x.id = p_conexao_id and x.falhas_seguidas > 0;
        perform interno.pares_perdoar(p_cliente_id, p_conexao_id, p_itens);
    end if;
    for r_efeito in
        select i.efeito, i.classe, min(i.codigo) as codigo, min(i.texto) as texto, jsonb_agg(to_jsonb(i)) as itens
        from jsonb_to_recordset(p_itens) as i (
            efeito text, classe text, codigo integer, texto text, para text, alvo_id uuid, acao text, alvo jsonb
        )
        where i.efeito is not null
        group by i.efeito, i.classe
        order by i.efeito, i.classe
    loop
        case r_efeito.efeito
            when 'NUMERO_SUSPENDER' then
                -- where something got through, the rest is left to the pace
                if not v_aceitou then
                    perform interno.conexao_suspender(p_cliente_id, p_conexao_id, r_efeito.classe, r_efeito.codigo, p_agora, p_sorte);
                end if;
            when 'CONEXAO_ERRO', 'CONEXAO_PAUSAR', 'CONTA_PAUSAR' then
                perform interno.conexao_parar(
                    p_cliente_id, p_conexao_id, r_efeito.efeito, r_efeito.classe, r_efeito.codigo, r_efeito.texto
                );
            when 'MODELO_PARAR' then
                perform interno.modelo_parar(p_cliente_id, m.id, 'PAUSED', r_efeito.texto, r_efeito.codigo)
                from (
                    select distinct (i.value #>> '{alvo,modelo_id}')::uuid as id from jsonb_array_elements(r_efeito.itens) as i
                ) as m
                where m.id is not null;
            when 'OPTOUT' then
                perform interno.contatos_recusas_anotar(p_cliente_id, p_conexao_id, r_efeito.itens);
            when 'CONTATO_FALHA' then
                perform interno.contatos_falhas_anotar(p_cliente_id, p_conexao_id, r_efeito.itens, p_agora);
            when 'PAR_ESPERAR' then
                perform interno.pares_esperar(p_cliente_id, p_conexao_id, r_efeito.classe, r_efeito.itens, p_agora);
            when 'MIDIA_ESQUECER' then
                perform interno.midia_esquecer(p_cliente_id, p_conexao_id, interno.mensagens_midias(p_cliente_id, r_efeito.itens));
            when 'DISJUNTOR' then
                null; -- counted below, with what went well
        end case;
    end loop;
    -- every outcome of a campaign counts, the good ones as well
    perform interno.disjuntor_contar(p_cliente_id, p_itens);
end
$$;
comment on function interno.envio_efeitos_aplicar(uuid, uuid, jsonb, timestamptz, double precision) is
'O que um lote de respostas muda além das mensagens, como provedor_classes.efeito manda; cada decisão fica em ocorrencias.
Erros: nenhum.
Efeitos: conexoes, modelos, campanhas, campanhas_log, fila, contatos, contatos_falhas, consentimentos, pares, ocorrencias, eventos.
Desde: 0.1.0';
