/* pgmigrate-encoding: utf-8 */
create or replace function interno.entrada_contatos_unir(p_cliente_id uuid, p_itens jsonb) returns jsonb
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_itens jsonb := p_itens;
    v_prova record;
    v_ordem uuid[];
begin
    -- one at a time: each merge may be what the next one needs, or what speaks against it
    loop
        select p.* into v_prova from interno.entrada_provas(p_cliente_id, v_itens) as p limit 1;
        exit when not found;
        if v_prova.funde then
            v_ordem := interno.contatos_ordenar(p_cliente_id, v_prova.um_id, v_prova.outro_id);
            perform interno.contatos_fundir(p_cliente_id, v_ordem[2], v_ordem[1], v_prova.motivo, v_prova.evidencia);
            perform interno.ocorrencia_registrar(p_cliente_id, 'CONTATO', v_ordem[1], null, 'CONTATOS_FUNDIDOS', null,
                'O WhatsApp mostrou que dois contatos são a mesma pessoa: foram juntados. Se não são, separe-os');
        else
            insert into public.contatos_sugestoes (cliente_id, contato_id, outro_id, motivo, pontos, evidencia)
            values (
                p_cliente_id, least(v_prova.um_id, v_prova.outro_id), greatest(v_prova.um_id, v_prova.outro_id), 'IDENTIDADES_EM_CONFLITO', 70,
                case when pg_column_size(v_prova.evidencia) < 8000 then v_prova.evidencia else '{}' end
            )
            on conflict do nothing;
        end if;
        v_itens := interno.entrada_contatos_achar(p_cliente_id, p_itens);
    end loop;
    return v_itens;
end
$$;
comment on function interno.entrada_contatos_unir(uuid, jsonb) is
'Junta os contatos que uma mensagem prova serem a mesma pessoa, e sugere juntar os que só parecem. O resultado não depende da ordem de chegada.
Erros: nenhum.
Efeitos: os de contatos_fundir; contatos_sugestoes, ocorrencias.
Desde: 0.3.0';
