/* pgmigrate-encoding: utf-8 */
create or replace function api.fator_reservas_trocar(
    p_cliente_id uuid, p_sessao text, p_confere boolean, p_senha_hash_conferida text, p_reservas bytea[],
    p_fator_id uuid default null, p_passo bigint default null, p_reserva_hash bytea default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_fator_id uuid;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'sessao:usar');
    perform interno.senha_provar(p_cliente_id, p_confere, p_senha_hash_conferida),
        interno.fator_exigir(p_cliente_id, p_fator_id, p_passo, p_reserva_hash);
    select f.id into v_fator_id from public.fatores as f
    where f.cliente_id = p_cliente_id and f.usuario_id = interno.usuario_corrente() and f.ativado_em is not null;
    perform interno.fator_reservas_gravar(p_cliente_id, v_fator_id, p_reservas),
        interno.auditar(p_cliente_id, 'fator_reservas_trocadas', 'usuarios', interno.usuario_corrente());
    return interno.fator_json(p_cliente_id, interno.usuario_corrente());
end
$$;
comment on function api.fator_reservas_trocar(uuid, text, boolean, text, bytea[], uuid, bigint, bytea) is
'Dez códigos de reserva novos para o próprio segundo fator, com a senha conferida pela borda e um código, do aplicativo ou de reserva; os anteriores deixam de valer.
Erros: ZAG01 sessão inválida; ZRI04 a senha atual não confere; ZRI62 não está ligado; ZRI64 o código não confere; 22023 não são dez; 23505 dois iguais.
Efeitos: fatores, fatores_reservas, tentativas_login, auditoria.
Desde: 0.3.0';
