/* pgmigrate-encoding: utf-8 */
create or replace function api.convite_criar(
    p_cliente_id uuid, p_sessao text, p_usuario_id uuid, p_segredo_hash bytea
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'usuarios:gerir');
    perform interno.usuario_travar(p_cliente_id, p_usuario_id, null);
    if p_usuario_id = interno.usuario_corrente() then
        raise exception using errcode = 'ZRI05', message = 'para trocar a própria senha, confirme a atual', column = 'senha';
    end if;
    if not exists (select from public.usuarios as u where u.cliente_id = p_cliente_id and u.id = p_usuario_id and u.ativo) then
        raise exception using errcode = 'ZRV64', message = 'esta pessoa está desativada', column = 'usuarioId';
    end if;
    return interno.convite_gravar(p_cliente_id, p_usuario_id, p_segredo_hash);
end
$$;
comment on function api.convite_criar(uuid, text, uuid, bytea) is
'Dá a alguém um novo link de uso único, por 72 horas, para definir a própria senha: quem não recebeu o convite, quem a esqueceu. O anterior deixa de valer; a senha que tem continua valendo até lá.
Erros: ZAG01 sessão inválida; ZPG01 sem permissão; ZPI01 acesso maior que o próprio; ZNI02 usuário não encontrado; ZRI05 para si mesmo; ZRV64 pessoa desativada.
Efeitos: convites, auditoria.
Desde: 0.3.0';
