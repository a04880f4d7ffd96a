/* pgmigrate-encoding: utf-8 */
create or replace function api.fator_iniciar(
    p_cliente_id uuid, p_sessao text, p_confere boolean, p_senha_hash_conferida text, p_id uuid, p_segredo bytea
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_eu uuid;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'sessao:usar');
    perform interno.senha_provar(p_cliente_id, p_confere, p_senha_hash_conferida);
    v_eu := interno.usuario_corrente();
    -- one at a time
    perform from public.usuarios as u where u.cliente_id = p_cliente_id and u.id = v_eu for no key update;
    delete from public.fatores as f where f.cliente_id = p_cliente_id and f.usuario_id = v_eu and f.ativado_em is null;
    if exists (select from public.fatores as f where f.cliente_id = p_cliente_id and f.usuario_id = v_eu) then
        raise exception using errcode = 'ZRI60', message = 'o segundo fator já está ligado: desligue-o antes';
    end if;
    insert into public.fatores (cliente_id, id, usuario_id, segredo) values (p_cliente_id, p_id, v_eu, p_segredo);
    return jsonb_build_object('id', p_id);
end
$$;
comment on function api.fator_iniciar(uuid, text, boolean, text, uuid, bytea) is
'Começa a ligar o próprio segundo fator, com a senha conferida pela borda: guarda o segredo, cifrado para p_id, à espera do primeiro código certo por 15 minutos.
Erros: ZAG01 sessão inválida; ZRI04 a senha atual não confere; ZRI60 já está ligado; 23514 valor fora da regra.
Efeitos: fatores, tentativas_login.
Desde: 0.3.0';
