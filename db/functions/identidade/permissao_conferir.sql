/* pgmigrate-encoding: utf-8 */
create or replace function api.permissao_conferir(p_cliente_id uuid, p_sessao text, p_permissao text) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'sessao:usar');
    if not interno.usuario_pode(p_cliente_id, interno.usuario_corrente(), p_permissao) then
        raise exception using errcode = 'ZPG01', message = 'você não tem permissão para isto', detail = p_permissao;
    end if;
    return jsonb_build_object('permissao', p_permissao);
end
$$;
comment on function api.permissao_conferir(uuid, text, text) is
'Recusa quem não tem a permissão, antes de mostrar um formulário que ele não poderia enviar.
Erros: ZAG01 sessão inválida; ZPG01 sem permissão.
Efeitos: nenhum.
Desde: 0.3.0';
