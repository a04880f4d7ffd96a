/* pgmigrate-encoding: utf-8 */
create or replace function api.midia_preparar(p_cliente_id uuid, p_sessao text) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_tipos jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    select jsonb_agg(
        jsonb_build_object('tipo', t.tipo, 'mime', t.mime, 'variante', t.variante, 'tamanhoMaximo', t.tamanho_maximo)
        order by t.tipo, t.mime, t.variante
    ) into v_tipos from public.midias_tipos as t;
    return jsonb_build_object('tipos', v_tipos);
end
$$;
comment on function api.midia_preparar(uuid, text) is
'Antes de receber um arquivo: confere quem envia e devolve o que se aceita.
Erros: nenhum além dos da sessão.
Efeitos: nenhum.
Desde: 0.2.0';
