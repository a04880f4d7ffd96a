/* pgmigrate-encoding: utf-8 */
create or replace function api.nota_atualizar(p_cliente_id uuid, p_sessao text, p_id uuid, p_texto text default null, p_mencoes uuid[] default null, p_versao integer default null) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_nota public.notas;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    perform interno.nota_travar(p_cliente_id, p_id, p_versao);
    update public.notas as n set texto = coalesce(btrim(p_texto), n.texto)
    where n.cliente_id = p_cliente_id and n.id = p_id
    returning n.* into v_nota;
    if p_mencoes is not null then
        perform interno.mencoes_gravar(p_cliente_id, v_nota, p_mencoes);
    end if;
    return interno.nota_json(v_nota);
end
$$;
comment on function api.nota_atualizar(uuid, text, uuid, text, uuid[], integer) is
'Muda uma nota própria: o texto, quem ela menciona, ou ambos.
Erros: ZNV80 nota não encontrada; ZPV80 de outra pessoa; ZCG02 versão antiga; ZRV81, ZRV82 menções; 23514 texto vazio ou grande demais.
Efeitos: notas, mencoes, eventos.
Desde: 0.3.0';
