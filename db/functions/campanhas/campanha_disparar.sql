/* pgmigrate-encoding: utf-8 */
create or replace function interno.campanha_disparar(p_cliente_id uuid, p_campanha_id uuid) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    perform interno.campanha_disparo_conferir(p_cliente_id, p_campanha_id);
    if interno.campanha_congelar(p_cliente_id, p_campanha_id) >= 1000 then
        perform interno.campanhas_log_estatisticas();
    end if;
    if not exists (
        select from public.campanhas_log as l where l.cliente_id = p_cliente_id and l.campanha_id = p_campanha_id
    ) then
        raise exception using errcode = 'ZRK06', message = 'nenhum contato corresponde ao público da campanha';
    end if;
    delete from public.fila as f where f.cliente_id = p_cliente_id and f.tipo = 'campanha_iniciar' and f.alvo_id = p_campanha_id;
    perform interno.campanha_ativar(p_cliente_id, p_campanha_id);
end
$$;
comment on function interno.campanha_disparar(uuid, uuid) is
'Começa uma campanha já travada por quem chama: congela o público e põe a primeira leva na fila.
Erros: ZRK04 conexão inativa; ZRK05 modelo não aprovado; ZRK06 público vazio; ZRK15 o modelo mudou.
Efeitos: campanhas, campanhas_log, fila, eventos.
Desde: 0.1.0';
