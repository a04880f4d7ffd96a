/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_consentimentos__aplicar() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    r_contato record;
    v_hash bytea;
begin
    select c.marketing, c.telefone into r_contato
    from public.contatos as c where c.cliente_id = new.cliente_id and c.id = new.contato_id for no key update;
    -- what the person said last is what counts, whatever is written down last; of two at once, the refusal
    if exists (
        select from public.consentimentos as k
        where k.cliente_id = new.cliente_id and k.contato_id = new.contato_id and k.finalidade = new.finalidade and k.id <> new.id
            and k.acao <> new.acao and (k.ocorrido_em > new.ocorrido_em or (k.ocorrido_em = new.ocorrido_em and k.acao = 'REVOGADO'))
    ) then
        return null;
    end if;
    if r_contato.marketing <> new.acao then
        update public.contatos as c set marketing = new.acao where c.cliente_id = new.cliente_id and c.id = new.contato_id;
    end if;
    if new.acao = 'REVOGADO' or r_contato.marketing = 'REVOGADO' then
        insert into public.conversas_historico (cliente_id, conversa_id, tipo, usuario_id, dados)
        select new.cliente_id, v.id, case new.acao when 'REVOGADO' then 'OPTOUT' else 'OPTIN' end, new.registrado_por,
            jsonb_build_object('consentimentoId', new.id, 'origem', new.origem)
        from public.conversas as v
        where v.cliente_id = new.cliente_id and v.contato_id = new.contato_id and v.status <> 'RESOLVIDA'
        order by v.id;
    end if;
    v_hash := interno.telefone_hash(new.cliente_id, r_contato.telefone);
    if v_hash is null then
        return null;
    end if;
    if new.acao = 'REVOGADO' then
        insert into public.supressoes (cliente_id, telefone_hash) values (new.cliente_id, v_hash) on conflict do nothing;
    else
        delete from public.supressoes as s where s.cliente_id = new.cliente_id and s.telefone_hash = v_hash;
    end if;
    return null;
end
$$;
comment on function interno.tg_consentimentos__aplicar() is
'Leva o que a pessoa disse por último ao resumo do contato, à lista de supressão e ao histórico de suas conversas abertas (OPTOUT, OPTIN).
Erros: nenhum.
Efeitos: contatos.marketing, supressoes, conversas_historico.
Desde: 0.1.0';
