/* pgmigrate-encoding: utf-8 */
create or replace function plataforma.quarentena_resgatar(p_ids uuid[] default null, p_limite integer default 100) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_limite integer := least(greatest(coalesce(p_limite, 100), 1), 1000);
    v_vistos integer := 0;
    v_partes integer := 0;
    v_resolvidos integer := 0;
    r_corpo record;
    r_feito record;
begin
    for r_corpo in
        select q.* from public.webhooks_quarentena as q
        where p_ids is null or q.id = any (p_ids)
        order by q.id
        limit v_limite
        for update skip locked
    loop
        v_vistos := v_vistos + 1;
        select f.* into r_feito from interno.quarentena_repartir(r_corpo.id) as f;
        v_partes := v_partes + r_feito.partes;
        if r_feito.resolvido then
            v_resolvidos := v_resolvidos + 1;
        end if;
    end loop;
    return jsonb_build_object('vistos', v_vistos, 'partes', v_partes, 'resolvidos', v_resolvidos);
end
$$;
comment on function plataforma.quarentena_resgatar(uuid[], integer) is
'Dá às conexões que agora existem as partes de corpos em quarentena que são delas, se têm o segredo que os assinou; o que sobra continua lá. Devolve quantos corpos olhou, quantas partes entregou e quantos corpos ficaram sem nada por entregar.
Erros: nenhum.
Efeitos: webhooks_quarentena, webhooks_recebidos, fila, auditoria.
Desde: 0.3.0';
