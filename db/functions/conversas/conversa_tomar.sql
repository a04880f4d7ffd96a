/* pgmigrate-encoding: utf-8 */
create or replace function interno.conversa_tomar(p_cliente_id uuid, p_conversa public.conversas, p_tomar boolean) returns public.conversas
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_eu uuid := interno.usuario_corrente();
    v_quem text;
begin
    if p_conversa.usuario_id <> v_eu and not p_tomar then
        select u.nome into v_quem from public.usuarios as u where u.cliente_id = p_cliente_id and u.id = p_conversa.usuario_id;
        raise exception using errcode = 'ZCV20', message = format('%s está atendendo esta conversa', v_quem),
            detail = p_conversa.usuario_id::text;
    end if;
    perform interno.conversa_alheia_conferir(p_cliente_id, p_conversa);
    return interno.conversa_dar(p_cliente_id, p_conversa, v_eu, p_conversa.equipe_id);
end
$$;
comment on function interno.conversa_tomar(uuid, public.conversas, boolean) is
'Dá a quem pede uma conversa já travada: a que é de ninguém ou sua; a de outra pessoa, só com p_tomar e por quem pode atribuir.
Erros: ZCV20 outra pessoa a atende (detalhe: o id dela); ZPV20 é de outra pessoa; os de conversa_dar.
Efeitos: conversas, conversas_historico.
Desde: 0.3.0';
