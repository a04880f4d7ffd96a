/* pgmigrate-encoding: utf-8 */
create or replace function api.fator_prova_preparar(p_cliente_id uuid, p_sessao text) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_eu uuid;
    v_espera integer;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'sessao:usar');
    v_eu := interno.usuario_corrente();
    v_espera := interno.tentativa_contar('senha:' || v_eu, 10);
    if v_espera = 0 then
        -- counted apart: the right password, which clears its own count by whatever it confirms, never clears this one
        v_espera := interno.tentativa_contar('fator:' || v_eu, 10);
    end if;
    if v_espera > 0 then
        return interno.recusa('ZLI01', 'tentativas demais: aguarde antes de tentar de novo', v_espera::text);
    end if;
    return (
        select jsonb_build_object('senhaHash', l.senha_hash, 'fator', interno.fator_selado(p_cliente_id, v_eu, true))
        from public.logins as l
        where l.cliente_id = p_cliente_id and l.usuario_id = v_eu
    );
end
$$;
comment on function api.fator_prova_preparar(uuid, text) is
'Conta a tentativa de mexer no próprio segundo fator, por senha e por código, e devolve o hash da senha e o segundo fator, cifrado, para a borda conferir os dois.
Erros: ZAG01 sessão inválida; ZLI01 devolvido quando há tentativas demais, com os segundos de espera.
Efeitos: tentativas_login.
Desde: 0.3.0';
