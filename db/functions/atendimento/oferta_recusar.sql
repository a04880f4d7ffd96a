/* pgmigrate-encoding: utf-8 */
create or replace function api.oferta_recusar(p_cliente_id uuid, p_sessao text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_conversa public.conversas;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    v_conversa := interno.oferta_travar(p_cliente_id, p_id, 'RECUSADA');
    if v_conversa.id is not null then
        perform interno.ofertas_encerrar(p_cliente_id, array[p_id], 'RECUSADA');
    end if;
    return jsonb_build_object('id', p_id);
end
$$;
comment on function api.oferta_recusar(uuid, text, uuid) is
'Deixa a conversa que a fila oferece a quem pede para a pessoa seguinte; ela só volta a quem a recusou depois de caber a todos os outros.
Erros: ZAG01 sessão inválida; ZPG01 sem permissão; ZNA03 oferta não encontrada; ZCA07 a oferta terminou.
Efeitos: ofertas, fila, eventos.
Desde: 0.3.0';
