/* pgmigrate-encoding: utf-8 */
create or replace function api.fator_remover(
    p_cliente_id uuid, p_sessao text, p_confere boolean, p_senha_hash_conferida text,
    p_fator_id uuid default null, p_passo bigint default null, p_reserva_hash bytea default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'sessao:usar');
    perform interno.senha_provar(p_cliente_id, p_confere, p_senha_hash_conferida),
        interno.fator_exigir(p_cliente_id, p_fator_id, p_passo, p_reserva_hash);
    delete from public.fatores as f
    where f.cliente_id = p_cliente_id and f.usuario_id = interno.usuario_corrente() and f.ativado_em is not null;
    perform interno.auditar(p_cliente_id, 'fator_desligado', 'usuarios', interno.usuario_corrente());
    return interno.fator_json(p_cliente_id, interno.usuario_corrente());
end
$$;
comment on function api.fator_remover(uuid, text, boolean, text, uuid, bigint, bytea) is
'Desliga o próprio segundo fator, com a senha conferida pela borda e um código, do aplicativo ou de reserva; os códigos de reserva somem com ele.
Erros: ZAG01 sessão inválida; ZRI04 a senha atual não confere; ZRI62 não está ligado; ZRI64 o código não confere.
Efeitos: fatores, fatores_reservas, tentativas_login, auditoria.
Desde: 0.3.0';
