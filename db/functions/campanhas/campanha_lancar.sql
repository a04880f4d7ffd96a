/* pgmigrate-encoding: utf-8 */
create or replace function api.campanha_lancar(
    p_cliente_id uuid, p_sessao text, p_id uuid, p_versao integer, p_resumo text, p_ciente boolean default false,
    p_nome text default null, p_agora timestamptz default now()
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_plano jsonb;
    v_para timestamptz;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'campanhas:disparar');
    if interno.campanha_travar(p_cliente_id, p_id, array['RASCUNHO', 'AGENDADA', 'EM_ANDAMENTO']) <> 'RASCUNHO' then
        return interno.campanha_json(p_cliente_id, p_id);
    end if;
    perform interno.versao_conferir(
        (select k.versao from public.campanhas as k where k.cliente_id = p_cliente_id and k.id = p_id), p_versao
    );
    perform interno.campanha_disparo_conferir(p_cliente_id, p_id);
    v_plano := interno.campanha_simulacao(p_cliente_id, p_id, 0);
    if p_resumo is distinct from v_plano ->> 'resumo' then
        raise exception using errcode = 'ZCK02', column = 'resumo', message = 'o público mudou desde a simulação: simule de novo';
    elsif not coalesce(p_ciente, false) then
        raise exception using errcode = 'ZRK18', column = 'ciente',
            message = 'confirme que estas pessoas aceitaram receber mensagens desta empresa';
    elsif (v_plano ->> 'pedeNome')::boolean then
        perform interno.campanha_nome_conferir(p_cliente_id, p_id, p_nome);
    end if;
    select k.agendado_para into v_para from public.campanhas as k where k.cliente_id = p_cliente_id and k.id = p_id;
    if v_para is not null then
        perform interno.campanha_agendar(p_cliente_id, p_id, v_para, p_agora);
    elsif interno.campanha_publico_grande(p_cliente_id, p_id) then
        perform interno.campanha_agendar(p_cliente_id, p_id, now(), '-infinity');
    else
        perform interno.campanha_disparar(p_cliente_id, p_id);
    end if;
    perform interno.auditar(p_cliente_id, 'campanha_lancada', 'campanhas', p_id, jsonb_build_object(
        'vao', v_plano -> 'vao', 'total', v_plano -> 'total', 'agendadoPara', v_para, 'ciente', true, 'resumo', p_resumo
    ));
    return interno.campanha_json(p_cliente_id, p_id);
end
$$;
comment on function api.campanha_lancar(uuid, text, uuid, integer, text, boolean, text, timestamptz) is
'Lança um rascunho que a pessoa reviu: começa já, ou na hora do rascunho. p_resumo é o da simulação que ela viu; p_ciente, que as pessoas aceitaram receber; para mais de 1.000, p_nome é o nome da campanha, escrito de novo. Repetir não repete nada.
Erros: ZNK01; ZCK01 estado; ZCG02 versão antiga; ZCK02 simulação vencida; ZRK17 nome; ZRK18 sem a confirmação; ZRK09 hora que passou; ZRK04, ZRK05, ZRK06, ZRK15, ZRK02, ZRK16.
Efeitos: campanhas, campanhas_log, fila, auditoria, eventos.
Desde: 0.3.0';
