/* pgmigrate-encoding: utf-8 */
create or replace function interno.conversas_retomar(p_cliente_id uuid, p_conversas uuid[], p_agora timestamptz) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_conversa public.conversas;
begin
    for v_conversa in
        select v.* from public.conversas as v
        where v.cliente_id = p_cliente_id and v.id = any (p_conversas)
            and v.status in ('AGUARDANDO_CLIENTE', 'ADIADA')
        order by v.id
        for no key update
    loop
        v_conversa.status := case when v_conversa.usuario_id is null then 'ABERTA' else 'EM_ATENDIMENTO' end;
        perform interno.conversa_gravar(p_cliente_id, v_conversa);
    end loop;
end
$$;
comment on function interno.conversas_retomar(uuid, uuid[], timestamptz) is
'A pessoa escreveu: o que estava adiado ou à espera dela volta a quem atende, ou à fila.
Erros: nenhum.
Efeitos: conversas, conversas_historico.
Desde: 0.3.0';
