/* pgmigrate-encoding: utf-8 */
create or replace function api.sessao_estender(p_cliente_id uuid, p_sessao text) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_expira_em timestamptz;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'sessao:usar');
    update public.sessoes as s
    set acesso_expira_em = least(v_agora + interval '12 hours', s.criada_em + interval '30 days'), renovada_em = v_agora
    where s.cliente_id = p_cliente_id and s.id = current_setting('app.sessao_id')::uuid and s.canal = 'NAVEGADOR'
    returning s.acesso_expira_em into v_expira_em;
    if not found then
        raise exception using errcode = 'ZRI20', message = 'esta sessão se renova, não se estende';
    end if;
    return jsonb_build_object('expiraEm', v_expira_em);
end
$$;
comment on function api.sessao_estender(uuid, text) is
'Estende a sessão de um navegador por mais 12 horas, até 30 dias depois de aberta.
Erros: ZAG01 sessão inválida; ZRI20 a sessão não é de navegador.
Efeitos: sessoes.
Desde: 0.3.0';
