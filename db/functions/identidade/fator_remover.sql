/* pgmigrate-encoding: utf-8 */
create or replace function api.fator_remover(
    p_cliente_id uuid, p_sessao text, p_confere boolean, p_senha_hash_conferida text
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'sessao:usar');
    perform interno.senha_provar(p_cliente_id, p_confere, p_senha_hash_conferida);
    delete from public.fatores as f
    where f.cliente_id = p_cliente_id and f.usuario_id = interno.usuario_corrente() and f.ativado_em is not null;
    if not found then
        raise exception using errcode = 'ZRI62', message = 'o segundo fator não está ligado';
    end if;
    perform interno.auditar(p_cliente_id, 'fator_desligado', 'usuarios', interno.usuario_corrente());
    return interno.fator_json(p_cliente_id, interno.usuario_corrente());
end
$$;
comment on function api.fator_remover(uuid, text, boolean, text) is
'Desliga o próprio segundo fator, com a senha conferida pela borda; os códigos de reserva somem com ele.
Erros: ZAG01 sessão inválida; ZRI04 a senha atual não confere; ZRI62 não está ligado.
Efeitos: fatores, fatores_reservas, tentativas_login, auditoria.
Desde: 0.3.0';
