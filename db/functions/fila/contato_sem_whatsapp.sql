/* pgmigrate-encoding: utf-8 */
create or replace function interno.contato_sem_whatsapp(
    p_cliente_id uuid, p_conexao_id uuid, p_contato_id uuid, p_telefone text, p_agora timestamptz
) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_dias bigint;
    v_formas text[];
    v_brasileiras text[] := interno.telefone_formas(p_telefone);
begin
    select count(distinct f.dia), array_agg(distinct f.forma) into v_dias, v_formas
    from public.contatos_falhas as f
    where f.cliente_id = p_cliente_id and f.contato_id = p_contato_id;
    if v_dias < 2 and not (cardinality(v_brasileiras) = 2 and v_brasileiras <@ v_formas) then
        return;
    end if;
    update public.contatos as c set sem_whatsapp_em = p_agora
    where c.cliente_id = p_cliente_id and c.id = p_contato_id and c.sem_whatsapp_em is null;
    if found then
        perform interno.ocorrencia_registrar(
            p_cliente_id, 'CONTATO', p_contato_id, p_conexao_id, 'SEM_WHATSAPP', null,
            case when v_dias >= 2 then 'O WhatsApp não entrega a este número há mais de um dia: campanhas passam a pulá-lo'
                else 'O WhatsApp não entrega a nenhuma das duas formas deste número: campanhas passam a pulá-lo' end
        );
    end if;
end
$$;
comment on function interno.contato_sem_whatsapp(uuid, uuid, uuid, text, timestamptz) is
'Dá o contato por sem WhatsApp quando as falhas anotadas são de dois dias, ou das duas formas de um celular brasileiro.
Erros: nenhum.
Efeitos: contatos, ocorrencias.
Desde: 0.2.0';
