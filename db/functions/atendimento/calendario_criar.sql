/* pgmigrate-encoding: utf-8 */
create or replace function api.calendario_criar(
    p_cliente_id uuid, p_sessao text, p_nome text, p_fuso text default null, p_faixas jsonb default '[]', p_chave_idempotencia text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_id uuid := uuidv7();
    v_resposta jsonb;
    v_fuso text;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'atendimento:gerir');
    v_resposta := interno.idempotencia_abrir(
        p_cliente_id, 'calendario_criar', p_chave_idempotencia, jsonb_build_array(p_nome, p_fuso, p_faixas)
    );
    if v_resposta is not null then
        return v_resposta;
    end if;
    v_fuso := coalesce(p_fuso, (select c.fuso from public.clientes as c where c.id = p_cliente_id));
    perform interno.fuso_conferir(v_fuso);
    if (
        select count(*) from (select from public.calendarios as c where c.cliente_id = p_cliente_id limit 200) as x
    ) >= 200 then
        raise exception using errcode = 'ZLA01', message = 'não são aceitos mais calendários: remova algum antes';
    end if;
    insert into public.calendarios (cliente_id, id, nome, fuso) values (p_cliente_id, v_id, btrim(p_nome), v_fuso);
    perform interno.calendario_faixas_definir(p_cliente_id, v_id, coalesce(p_faixas, '[]'));
    perform interno.auditar(p_cliente_id, 'calendario_criado', 'calendarios', v_id),
        interno.avisar(p_cliente_id, 'calendario_mudou', v_id);
    return interno.idempotencia_fechar(
        p_cliente_id, 'calendario_criar', p_chave_idempotencia, interno.calendarios_json(p_cliente_id, array[v_id]) -> 0
    );
end
$$;
comment on function api.calendario_criar(uuid, text, text, text, jsonb, text) is
'Cria um calendário com as faixas da semana; sem fuso, o da empresa. p_faixas = [{dia, inicio, fim}], dia de 1 (segunda) a 7 (domingo), horas como HH:MM.
Erros: ZAG01 sessão inválida; ZPG01 sem permissão; ZCA01 nome já usado; ZRV40 fuso desconhecido; ZRA01, ZRA03 e ZCA02 faixas; ZLA01 calendários demais; ZCG03 chave de idempotência.
Efeitos: calendarios, calendarios_faixas, auditoria, eventos, chaves_idempotencia.
Desde: 0.3.0';
