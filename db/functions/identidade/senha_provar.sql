/* pgmigrate-encoding: utf-8 */
create or replace function interno.senha_provar(p_cliente_id uuid, p_confere boolean, p_senha_hash_conferida text) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    -- the hash is compared again: the password may have been changed while this one was being checked
    if not coalesce(p_confere, false) or not exists (
        select from public.logins as l
        where l.cliente_id = p_cliente_id and l.usuario_id = interno.usuario_corrente() and l.senha_hash = p_senha_hash_conferida
    ) then
        raise exception using errcode = 'ZRI04', message = 'a senha atual não confere', column = 'senhaAtual';
    end if;
    perform interno.tentativa_esquecer('senha:' || interno.usuario_corrente());
end
$$;
comment on function interno.senha_provar(uuid, boolean, text) is
'Quem usa a sessão acaba de dizer a própria senha, que a borda conferiu.
Erros: ZRI04 a senha atual não confere.
Efeitos: tentativas_login.
Desde: 0.3.0';
