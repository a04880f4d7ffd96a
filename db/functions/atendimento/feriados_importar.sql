/* pgmigrate-encoding: utf-8 */
create or replace function api.feriados_importar(
    p_cliente_id uuid, p_sessao text, p_calendario_id uuid, p_ano integer, p_facultativos boolean default false
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_criados integer;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'atendimento:gerir');
    perform interno.ano_conferir(p_ano);
    perform interno.calendario_travar(p_cliente_id, p_calendario_id, null);
    insert into public.feriados (cliente_id, calendario_id, data, nome)
    select p_cliente_id, p_calendario_id, f.data, f.nome
    from interno.feriados_nacionais(p_ano) as f
    where not f.facultativo or p_facultativos
    on conflict on constraint feriados_cliente_id_calendario_id_data_key do nothing;
    get diagnostics v_criados = row_count;
    perform interno.auditar(p_cliente_id, 'feriados_importados', 'calendarios', p_calendario_id, jsonb_build_object('ano', p_ano)),
        interno.avisar(p_cliente_id, 'calendario_mudou', p_calendario_id);
    return jsonb_build_object('calendarioId', p_calendario_id, 'ano', p_ano, 'criados', v_criados);
end
$$;
comment on function api.feriados_importar(uuid, text, uuid, integer, boolean) is
'Põe num calendário os feriados nacionais do Brasil de um ano, fechados; os que já estão lá ficam como estão. p_facultativos = também os pontos facultativos.
Erros: ZAG01 sessão inválida; ZPG01 sem permissão; ZNA01 calendário não encontrado; ZRA02 ano.
Efeitos: feriados, auditoria, eventos.
Desde: 0.3.0';
