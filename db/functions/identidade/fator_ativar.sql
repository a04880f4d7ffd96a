/* pgmigrate-encoding: utf-8 */
create or replace function api.fator_ativar(
    p_cliente_id uuid, p_sessao text, p_id uuid, p_passo bigint, p_reservas bytea[]
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'sessao:usar');
    update public.fatores as f set ativado_em = now(), ultimo_passo = p_passo
    where f.cliente_id = p_cliente_id and f.id = p_id and f.usuario_id = interno.usuario_corrente()
        and f.ativado_em is null and f.criado_em > now() - interval '15 minutes' and interno.fator_passo_vale(p_passo);
    if not found then
        raise exception using errcode = 'ZRI61', message = 'o código não confere: digite o que o aplicativo mostra agora', column = 'codigo';
    end if;
    perform interno.fator_reservas_gravar(p_cliente_id, p_id, p_reservas),
        interno.auditar(p_cliente_id, 'fator_ligado', 'usuarios', interno.usuario_corrente());
    return interno.fator_json(p_cliente_id, interno.usuario_corrente());
end
$$;
comment on function api.fator_ativar(uuid, text, uuid, bigint, bytea[]) is
'Liga o próprio segundo fator: a borda conferiu o primeiro código (p_passo, nulo se não confere) e fez os dez códigos de reserva, de que só os sha256 chegam aqui.
Erros: ZAG01 sessão inválida; ZRI61 o código não confere; 22023 não são dez códigos de reserva; 23505 dois iguais.
Efeitos: fatores, fatores_reservas, auditoria.
Desde: 0.3.0';
