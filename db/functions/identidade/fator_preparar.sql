/* pgmigrate-encoding: utf-8 */
create or replace function api.fator_preparar(p_cliente_id uuid, p_sessao text) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_fator jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'sessao:usar');
    v_fator := interno.fator_selado(p_cliente_id, interno.usuario_corrente(), false);
    if v_fator is null then
        raise exception using errcode = 'ZNI60', message = 'comece de novo a ligar o segundo fator';
    end if;
    return v_fator;
end
$$;
comment on function api.fator_preparar(uuid, text) is
'O segredo, cifrado, do segundo fator que ainda espera o primeiro código, para a borda o mostrar e conferir.
Erros: ZAG01 sessão inválida; ZNI60 nada espera, ou passaram os 15 minutos.
Efeitos: nenhum.
Desde: 0.3.0';
