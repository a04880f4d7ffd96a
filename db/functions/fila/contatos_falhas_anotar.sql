/* pgmigrate-encoding: utf-8 */
create or replace function interno.contatos_falhas_anotar(
    p_cliente_id uuid, p_conexao_id uuid, p_itens jsonb, p_agora timestamptz
) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    r_item record;
    v_nova boolean;
begin
    for r_item in
        select distinct on (contato_id, forma) (i.alvo ->> 'contato_id')::uuid as contato_id, i.alvo ->> 'telefone' as telefone,
            coalesce(i.para, ltrim(i.alvo ->> 'telefone', '+')) as forma, coalesce(i.codigo, 0) as codigo, i.acao, i.texto
        from jsonb_to_recordset(p_itens) as i (alvo jsonb, para text, codigo integer, acao text, texto text)
        where coalesce(i.para, i.alvo ->> 'telefone') is not null
        order by contato_id, forma, codigo
    loop
        insert into public.contatos_falhas (cliente_id, contato_id, forma, dia, conexao_id, erro_codigo, ocorrido_em)
        values (p_cliente_id, r_item.contato_id, r_item.forma, (p_agora at time zone 'UTC')::date, p_conexao_id, r_item.codigo, p_agora)
        on conflict (cliente_id, contato_id, forma, dia) do nothing;
        v_nova := found;
        if r_item.acao = 'OUTRA_FORMA' then
            perform interno.ocorrencia_registrar(
                p_cliente_id, 'CONTATO', r_item.contato_id, p_conexao_id, 'NONO_DIGITO', r_item.codigo,
                'O número não recebe desta forma: nova tentativa com a outra, com ou sem o nono dígito'
            );
        elsif v_nova then
            perform interno.ocorrencia_registrar(
                p_cliente_id, 'CONTATO', r_item.contato_id, p_conexao_id, 'CONTACT', r_item.codigo, r_item.texto
            );
        end if;
        perform interno.contato_sem_whatsapp(p_cliente_id, p_conexao_id, r_item.contato_id, r_item.telefone, p_agora);
    end loop;
end
$$;
comment on function interno.contatos_falhas_anotar(uuid, uuid, jsonb, timestamptz) is
'Anota que o provedor não entrega a estas formas dos números de contatos, uma vez por dia, e tira a conclusão (contato_sem_whatsapp).
Erros: nenhum.
Efeitos: contatos_falhas, contatos, ocorrencias.
Desde: 0.2.0';
