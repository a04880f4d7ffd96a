/* pgmigrate-encoding: utf-8 */
create or replace function interno.contatos_separar(p_cliente_id uuid, p_fusao_id uuid) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_fusao public.contatos_fusoes;
begin
    select f.* into v_fusao from public.contatos_fusoes as f where f.cliente_id = p_cliente_id and f.id = p_fusao_id;
    perform interno.contatos_travar(p_cliente_id, array[v_fusao.de_id, v_fusao.para_id]);
    select f.* into v_fusao from public.contatos_fusoes as f where f.cliente_id = p_cliente_id and f.id = p_fusao_id for update;
    if v_fusao.desfeita_em is not null then
        raise exception using errcode = 'ZCC07', message = 'esta fusão já foi desfeita';
    elsif exists (
        select from public.contatos_fusoes as f
        where f.cliente_id = p_cliente_id and f.desfeita_em is null and f.id > p_fusao_id
            and (f.para_id = v_fusao.para_id or f.de_id = v_fusao.para_id)
    ) then
        raise exception using errcode = 'ZCC09', message = 'há uma fusão mais recente deste contato: desfaça-a antes';
    elsif exists (
        select from public.contatos as c where c.cliente_id = p_cliente_id and c.id = v_fusao.para_id and c.removido_em is not null
    ) then
        raise exception using errcode = 'ZNC01', message = 'contato não encontrado';
    end if;
    perform interno.separacao_contatos(p_cliente_id, v_fusao);
    perform interno.separacao_conversas(p_cliente_id, v_fusao, v_agora);
    perform interno.separacao_campanhas(p_cliente_id, v_fusao, v_agora);
    perform interno.separacao_ligados(p_cliente_id, v_fusao);
    update public.contatos_fusoes as f set desfeita_em = v_agora, desfeita_por = interno.usuario_corrente()
    where f.cliente_id = p_cliente_id and f.id = p_fusao_id;
    -- said by a person: no machine joins them again
    insert into public.contatos_sugestoes (cliente_id, contato_id, outro_id, motivo, pontos, dispensada_em, dispensada_por)
    values (
        p_cliente_id, least(v_fusao.de_id, v_fusao.para_id), greatest(v_fusao.de_id, v_fusao.para_id), 'SEPARADOS', 0, v_agora,
        interno.usuario_corrente()
    )
    on conflict (cliente_id, contato_id, outro_id) do update
    set dispensada_em = excluded.dispensada_em, dispensada_por = excluded.dispensada_por;
    perform interno.auditar(p_cliente_id, 'contatos_separados', 'contatos', v_fusao.para_id, jsonb_build_object(
        'deId', v_fusao.de_id, 'fusaoId', p_fusao_id
    ));
end
$$;
comment on function interno.contatos_separar(uuid, uuid) is
'Desfaz uma fusão: cada linha volta a ser de quem era, como era, menos o que alguém mudou depois. O que chegou depois da fusão fica com o contato que permaneceu.
Erros: ZNC01 contato não encontrado; ZCC01 telefone repetido; ZCC07 já desfeita; ZCC09 há uma mais recente.
Efeitos: os de contatos_fundir; contatos_sugestoes.
Desde: 0.3.0';
