/* pgmigrate-encoding: utf-8 */
create or replace function api.inscricao_remover(p_cliente_id uuid, p_sessao text) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_quantas integer;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'sessao:usar');
    delete from public.inscricoes as i
    where i.cliente_id = p_cliente_id and i.sessao_id = current_setting('app.sessao_id')::uuid;
    get diagnostics v_quantas = row_count;
    return jsonb_build_object('removidas', v_quantas);
end
$$;
comment on function api.inscricao_remover(uuid, text) is
'Deixa de avisar, com o Balcão fechado, o navegador desta sessão.
Erros: ZAG01 sessão inválida.
Efeitos: inscricoes.
Desde: 0.3.0';
