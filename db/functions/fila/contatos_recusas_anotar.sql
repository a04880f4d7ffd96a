/* pgmigrate-encoding: utf-8 */
create or replace function interno.contatos_recusas_anotar(p_cliente_id uuid, p_conexao_id uuid, p_itens jsonb) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_contatos uuid[] := array(
        select distinct (i.value #>> '{alvo,contato_id}')::uuid from jsonb_array_elements(p_itens) as i
    );
    r_contato record;
begin
    for r_contato in
        select c.id from public.contatos as c
        where c.cliente_id = p_cliente_id and c.id = any (v_contatos) and c.marketing <> 'REVOGADO'
        order by c.id
    loop
        insert into public.consentimentos (cliente_id, contato_id, finalidade, acao, origem, prova)
        values (p_cliente_id, r_contato.id, 'MARKETING', 'REVOGADO', 'PROVEDOR', 'WhatsApp recusou o envio: a pessoa parou o marketing');
        perform interno.ocorrencia_registrar(
            p_cliente_id, 'CONTATO', r_contato.id, p_conexao_id, 'OPTOUT', (p_itens #>> '{0,codigo}')::integer,
            'O WhatsApp recusou o envio: a pessoa parou o marketing desta empresa'
        );
    end loop;
end
$$;
comment on function interno.contatos_recusas_anotar(uuid, uuid, jsonb) is
'Anota a recusa de marketing de quem o provedor diz que parou de recebê-lo.
Erros: nenhum.
Efeitos: consentimentos, contatos, supressoes, ocorrencias.
Desde: 0.2.0';
