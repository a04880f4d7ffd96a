/* pgmigrate-encoding: utf-8 */
create or replace function api.fator_obter(p_cliente_id uuid, p_sessao text) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'sessao:usar');
    return interno.fator_json(p_cliente_id, interno.usuario_corrente());
end
$$;
comment on function api.fator_obter(uuid, text) is
'O próprio segundo fator: se está ligado e quantos códigos de reserva restam.
Erros: ZAG01 sessão inválida.
Efeitos: nenhum.
Desde: 0.3.0';
