/* pgmigrate-encoding: utf-8 */
create or replace function api.calendario_obter(p_cliente_id uuid, p_sessao text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_calendario jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'equipes:ler');
    v_calendario := interno.calendarios_json(p_cliente_id, array[p_id]) -> 0;
    if v_calendario is null then
        raise exception using errcode = 'ZNA01', message = 'calendário não encontrado';
    end if;
    return v_calendario;
end
$$;
comment on function api.calendario_obter(uuid, text, uuid) is
'Um calendário com suas faixas.
Erros: ZAG01 sessão inválida; ZPG01 sem permissão; ZNA01 calendário não encontrado.
Efeitos: nenhum.
Desde: 0.3.0';
