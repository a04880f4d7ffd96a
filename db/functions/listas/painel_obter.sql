/* pgmigrate-encoding: utf-8 */
create or replace function api.painel_obter(p_cliente_id uuid, p_sessao text, p_dias integer default 7) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_fuso text;
    v_desde timestamptz;
    v_numeros jsonb := '{}';
    r_numero record;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:ler');
    if p_dias is null or p_dias not between 1 and 90 then
        raise exception using errcode = '22023', message = 'o período vai de 1 a 90 dias', column = 'dias';
    end if;
    select c.fuso into v_fuso from public.clientes as c where c.id = p_cliente_id;
    v_desde := (date_trunc('day', now() at time zone v_fuso) - make_interval(days => p_dias - 1)) at time zone v_fuso;
    for r_numero in
        select n.nome, n.filtros from (values
            ('fila', '{"aba": "FILA", "status": ["ABERTA", "EM_ATENDIMENTO"]}'::jsonb),
            ('atendimento', '{"aba": "TODAS", "status": ["EM_ATENDIMENTO"]}'),
            ('espera', '{"aba": "TODAS", "status": ["ABERTA", "EM_ATENDIMENTO"], "semRespostaMinutos": 60}'),
            ('naoLidas', '{"aba": "TODAS", "status": ["ABERTA", "EM_ATENDIMENTO"], "naoLidas": true}'),
            ('periodo', jsonb_build_object('aba', 'TODAS', 'atividadeDe', v_desde))
        ) as n (nome, filtros)
    loop
        v_numeros := v_numeros || jsonb_build_object(
            r_numero.nome, interno.conversas_quantas(p_cliente_id, interno.conversas_filtros_ler(r_numero.filtros))
        );
    end loop;
    return interno.painel_dias(p_cliente_id, v_desde, v_fuso) || jsonb_build_object(
        'desde', v_desde, 'ate', now(), 'numeros', v_numeros, 'passos', jsonb_build_object(
            'numero', exists (select from public.conexoes as x where x.cliente_id = p_cliente_id and x.removido_em is null),
            -- somebody brought them: who only wrote in was not brought; looking at both ends costs the same in any base
            'contatos', exists (
                select from public.importacoes as i where i.cliente_id = p_cliente_id and i.iniciada_em is not null
            ) or exists (
                select from (
                    (select c.origem from public.contatos as c where c.cliente_id = p_cliente_id order by c.id limit 1000)
                    union all
                    (select c.origem from public.contatos as c where c.cliente_id = p_cliente_id order by c.id desc limit 1000)
                ) as x
                where x.origem <> 'WHATSAPP'
            ),
            'equipe', (select count(*) from (select from public.usuarios as u where u.cliente_id = p_cliente_id limit 2) as x) > 1,
            'campanha', exists (select from public.campanhas as x where x.cliente_id = p_cliente_id)
        )
    );
end
$$;
comment on function api.painel_obter(uuid, text, integer) is
'O painel de quem pede, dos últimos p_dias (hoje inclusive): cinco números, cada um pelo predicado da lista a que leva e contado até 1000; conversas novas por dia; e o que a empresa já fez dos primeiros passos.
Erros: ZAG01 sessão inválida; ZPG01 sem permissão; 22023 período inválido.
Efeitos: nenhum.
Desde: 0.3.0';
