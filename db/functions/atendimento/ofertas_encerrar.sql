/* pgmigrate-encoding: utf-8 */
create or replace function interno.ofertas_encerrar(p_cliente_id uuid, p_ids uuid[], p_fim text) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    r_oferta record;
begin
    for r_oferta in
        update public.ofertas as o set fim = p_fim, encerrada_em = v_agora
        where o.cliente_id = p_cliente_id and o.id = any (p_ids) and o.fim is null
        returning o.conversa_id, o.usuario_id
    loop
        -- the next person for it, and the next conversation for her
        perform interno.distribuicao_pedir(p_cliente_id, 'conversa_distribuir', r_oferta.conversa_id) where p_fim <> 'ACEITA';
        perform interno.distribuicao_pedir(p_cliente_id, 'atendente_distribuir', r_oferta.usuario_id);
    end loop;
end
$$;
comment on function interno.ofertas_encerrar(uuid, uuid[], text) is
'Termina ofertas vivas e pede que o que ficou livre, conversa e pessoa, volte a ser distribuído.
Erros: nenhum.
Efeitos: ofertas, fila, eventos.
Desde: 0.3.0';
