/* pgmigrate-encoding: utf-8 */
create or replace function api.fila_morta_contar(p_cliente_id uuid, p_sessao text) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    c_muitas constant integer := 100;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'fila:ler');
    return jsonb_build_object('abertas', (
        select count(*) from (
            select from public.fila_morta as d where d.cliente_id = p_cliente_id and d.resolvida_em is null limit c_muitas
        ) as x
    ));
end
$$;
comment on function api.fila_morta_contar(uuid, text) is
'Quantos trabalhos desistiram e esperam alguém, até cem: para um número no menu.
Erros: ZPG01 sem permissão.
Efeitos: nenhum.
Desde: 0.3.0';
