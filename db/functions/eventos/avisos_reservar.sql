/* pgmigrate-encoding: utf-8 */
create or replace function worker.avisos_reservar(
    p_cliente_id uuid, p_dono text, p_presentes uuid[] default '{}', p_quantos integer default 5, p_lease interval default '60 seconds'
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    c_maximo constant integer := 50;
    -- whoever is looking is told by the page; when they leave, what they did not read is told here
    c_presente constant interval := '20 seconds';
    v_agora timestamptz := clock_timestamp();
    v_inscricoes jsonb;
    v_prazo timestamptz;
    v_insistir timestamptz;
    v_json jsonb := '[]';
    v_ids uuid[];
    v_id uuid;
    r_trabalho record;
begin
    perform interno.contexto_trabalho(p_cliente_id);
    v_ids := array(
        select f.id
        from public.fila as f
        where f.cliente_id = p_cliente_id and f.execucao = 'AVISO' and f.reservado_ate is null and f.executar_em <= v_agora
        order by f.executar_em, f.id
        limit least(p_quantos, c_maximo)
        for update skip locked
    );
    foreach v_id in array v_ids loop
        select f.* into strict r_trabalho from public.fila as f where f.cliente_id = p_cliente_id and f.id = v_id;
        v_inscricoes := interno.avisos_pendentes(p_cliente_id, r_trabalho.alvo_id);
        v_prazo := interno.avisos_prazo(p_cliente_id, r_trabalho.alvo_id);
        -- an offer does not live long enough to wait for her to leave
        v_insistir := case when jsonb_path_exists(v_inscricoes, '$[*].avisos[*] ? (@.tipo == "OFERTA")')
            then interno.oferta_insistir(p_cliente_id, r_trabalho.alvo_id) end;
        if v_inscricoes = '[]' or r_trabalho.tentativas >= r_trabalho.max_tentativas then
            update public.fila as f set executar_em = v_prazo, tentativas = 0
            where f.cliente_id = p_cliente_id and f.id = r_trabalho.id and v_prazo is not null and exists (
                select from public.inscricoes as i where i.cliente_id = p_cliente_id and i.usuario_id = r_trabalho.alvo_id
            );
            continue when found;
            delete from public.fila as f where f.cliente_id = p_cliente_id and f.id = r_trabalho.id;
        elsif r_trabalho.alvo_id = any (p_presentes) and (v_insistir is null or v_insistir > v_agora) then
            update public.fila as f set executar_em = least(v_agora + c_presente, v_insistir) where f.cliente_id = p_cliente_id and f.id = r_trabalho.id;
        else
            update public.fila as f
            set reservado_por = p_dono, reservado_ate = v_agora + p_lease, cerca = f.cerca + 1, tentativas = f.tentativas + 1
            where f.cliente_id = p_cliente_id and f.id = r_trabalho.id;
            v_json := v_json || jsonb_build_object('id', r_trabalho.id, 'cerca', r_trabalho.cerca + 1, 'inscricoes', v_inscricoes);
        end if;
    end loop;
    return v_json;
end
$$;
comment on function worker.avisos_reservar(uuid, text, uuid[], integer, interval) is
'Reserva as pessoas a avisar e devolve, por pessoa, o que dizer a cada navegador inscrito. Quem não tem mais o que ouvir, ou falhou três vezes, volta quando acabar o próximo prazo de resposta das suas conversas; sem nenhum, sai da fila; quem está diante do Balcão (p_presentes) espera: se sair sem ler, ouve; por uma oferta espera só o primeiro terço dela.
Erros: 42501 sem cliente.
Efeitos: fila.
Desde: 0.3.0';
