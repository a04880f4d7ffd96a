/* pgmigrate-encoding: utf-8 */
create or replace function api.feriado_obter(p_cliente_id uuid, p_sessao text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_feriado jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'equipes:ler');
    v_feriado := interno.feriados_json(p_cliente_id, array[p_id]) -> 0;
    if v_feriado is null then
        raise exception using errcode = 'ZNA02', message = 'feriado não encontrado';
    end if;
    return v_feriado;
end
$$;
comment on function api.feriado_obter(uuid, text, uuid) is
'Um feriado de um calendário.
Erros: ZAG01 sessão inválida; ZPG01 sem permissão; ZNA02 feriado não encontrado.
Efeitos: nenhum.
Desde: 0.3.0';
