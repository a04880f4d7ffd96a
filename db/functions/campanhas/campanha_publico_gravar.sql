/* pgmigrate-encoding: utf-8 */
create or replace function interno.campanha_publico_gravar(p_cliente_id uuid, p_campanha_id uuid, p_contato_ids uuid[]) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_gravados integer;
begin
    delete from public.campanhas_publico as p where p.cliente_id = p_cliente_id and p.campanha_id = p_campanha_id;
    if p_contato_ids is null and current_setting('app.visibilidade', true) = 'TODAS' then
        return;
    end if;
    -- whoever does not see everybody chooses among those they see, and now: at the start nobody is there to look
    insert into public.campanhas_publico (cliente_id, campanha_id, contato_id)
    select p_cliente_id, p_campanha_id, c.id
    from public.contatos as c
    where c.cliente_id = p_cliente_id and interno.visivel(p_cliente_id, c.responsavel_id, c.equipe_id)
        and c.id in (
            select unnest(p_contato_ids)
            union
            select interno.campanha_contatos(p_cliente_id, p_campanha_id) where p_contato_ids is null
        );
    get diagnostics v_gravados = row_count;
    if p_contato_ids is null then
        update public.campanhas as k set publico_tipo = 'CONTATOS' where k.cliente_id = p_cliente_id and k.id = p_campanha_id;
    -- of another tenant, of nobody, or out of sight: all answer the same
    elsif v_gravados < (select count(distinct c.id) from unnest(p_contato_ids) as c (id)) then
        raise exception using errcode = 'ZNC01', message = 'contato não encontrado', column = 'contatoIds';
    end if;
end
$$;
comment on function interno.campanha_publico_gravar(uuid, uuid, uuid[]) is
'Troca os contatos escolhidos um a um para a campanha; repetidos contam uma vez. De quem não vê todos os contatos, etiquetas e filtro também viram uma escolha um a um, só com quem a pessoa vê.
Erros: ZNC01 contato não encontrado.
Efeitos: campanhas_publico.
Desde: 0.1.0';
