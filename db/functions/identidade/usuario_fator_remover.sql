/* pgmigrate-encoding: utf-8 */
create or replace function api.usuario_fator_remover(p_cliente_id uuid, p_sessao text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'usuarios:gerir');
    perform interno.usuario_travar(p_cliente_id, p_id, null);
    if p_id = interno.usuario_corrente() then
        raise exception using errcode = 'ZRI63', message = 'o próprio segundo fator se desliga em Segurança, com a senha e um código';
    end if;
    delete from public.fatores as f where f.cliente_id = p_cliente_id and f.usuario_id = p_id and f.ativado_em is not null;
    if not found then
        raise exception using errcode = 'ZRI62', message = 'o segundo fator não está ligado';
    end if;
    perform interno.auditar(p_cliente_id, 'fator_tirado', 'usuarios', p_id);
    return interno.usuarios_json(p_cliente_id, array[p_id]) -> 0;
end
$$;
comment on function api.usuario_fator_remover(uuid, text, uuid) is
'Tira o segundo fator de outra pessoa, que perdeu o aparelho e os códigos de reserva: ela entra só com a senha e pode ligá-lo de novo. As sessões dela continuam.
Erros: ZAG01 sessão inválida; ZPG01 sem permissão; ZPI01 acesso maior que o próprio; ZNI02 usuário não encontrado; ZRI62 não está ligado; ZRI63 para si mesmo.
Efeitos: fatores, fatores_reservas, auditoria.
Desde: 0.3.0';
