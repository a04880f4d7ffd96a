/* pgmigrate-encoding: utf-8 */
create or replace function interno.fator_recusar(p_cliente_id uuid, p_usuario_id uuid, p_origem inet, p_fator text) returns jsonb
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    if p_fator = 'ERRADO' then
        perform interno.auditar(
            p_cliente_id, 'login_recusado', 'usuarios', p_usuario_id, jsonb_build_object('origem', p_origem, 'fator', true)
        );
        return interno.recusa('ZAI04', 'o código não confere ou já foi usado', null, 'codigo');
    end if;
    if p_fator = 'FALTA' then
        -- the password was right: an office behind one address is not counted for it; the account is, until it is in
        perform interno.tentativa_devolver('origem:' || interno.origem_rede(p_origem), 100);
        return interno.recusa('ZAI03', 'falta o código do segundo fator', p_cliente_id::text, 'codigo');
    end if;
    return null;
end
$$;
comment on function interno.fator_recusar(uuid, uuid, inet, text) is
'A recusa que cabe ao que interno.fator_provar disse; nulo: provou, ou não precisa.
Erros: devolvidos: ZAI03 falta o código (detalhe: o cliente, para quem acertou a senha dizer o código num segundo passo); ZAI04 não confere ou já serviu.
Efeitos: tentativas_login, auditoria.
Desde: 0.3.0';
