/* pgmigrate-encoding: utf-8 */
create or replace function api.feriados_listar(
    p_cliente_id uuid, p_sessao text, p_calendario_id uuid, p_ano integer default null, p_limite integer default null,
    p_cursor text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_limite integer;
    v_cursor uuid;
    v_de date := '-infinity';
    v_ate date := 'infinity';
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'equipes:ler');
    v_limite := interno.limite_ler(p_limite);
    v_cursor := interno.cursor_ler(p_cursor);
    if not exists (select from public.calendarios as c where c.cliente_id = p_cliente_id and c.id = p_calendario_id) then
        raise exception using errcode = 'ZNA01', message = 'calendário não encontrado';
    end if;
    if p_ano is not null then
        perform interno.ano_conferir(p_ano);
        v_de := make_date(p_ano, 1, 1);
        v_ate := make_date(p_ano, 12, 31);
    end if;
    -- a calendar has one holiday a day: the day of the last one seen is where the page starts
    v_de := greatest(v_de, (select f.data + 1 from public.feriados as f where f.cliente_id = p_cliente_id and f.id = v_cursor));
    return interno.pagina(interno.feriados_json(p_cliente_id, array(
        select f.id from public.feriados as f
        where f.cliente_id = p_cliente_id and f.calendario_id = p_calendario_id and f.data >= v_de and f.data <= v_ate
        order by f.data
        limit v_limite + 1
    )), v_limite);
end
$$;
comment on function api.feriados_listar(uuid, text, uuid, integer, integer, text) is
'Feriados de um calendário, por data; p_ano = só os de um ano.
Erros: ZAG01 sessão inválida; ZPG01 sem permissão; ZNA01 calendário não encontrado; 22023 limite ou cursor; ZRA02 ano.
Efeitos: nenhum.
Desde: 0.3.0';
