/* pgmigrate-encoding: utf-8 */
create or replace function interno.campanha_retorno_registrar(
    p_cliente_id uuid, p_contato_id uuid, p_tipo text, p_em timestamptz
) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    c_prazo constant interval := '7 days';
begin
    insert into public.campanhas_retornos (cliente_id, campanha_id, tipo, contato_id, ocorrido_em)
    select p_cliente_id, l.campanha_id, p_tipo, p_contato_id, p_em
    from public.campanhas_log as l
    where l.cliente_id = p_cliente_id and l.contato_id = p_contato_id and l.status = 'ENVIADO'
        -- the clocks of providers differ by seconds
        and l.enviado_em <= p_em + interval '30 seconds' and l.enviado_em > p_em - c_prazo
    order by l.enviado_em desc
    limit 1
    on conflict (cliente_id, campanha_id, tipo, contato_id) do nothing;
end
$$;
comment on function interno.campanha_retorno_registrar(uuid, uuid, text, timestamptz) is
'Anota que alguém respondeu à última campanha que recebeu, ou saiu depois dela, se foi há menos de sete dias; uma vez por campanha.
Erros: nenhum.
Efeitos: campanhas_retornos, campanhas_totais.
Desde: 0.3.0';
