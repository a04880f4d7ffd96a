/* pgmigrate-encoding: utf-8 */
create or replace function api.calendario_atualizar(
    p_cliente_id uuid, p_sessao text, p_id uuid, p_nome text default null, p_fuso text default null, p_faixas jsonb default null,
    p_versao integer default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'atendimento:gerir');
    perform interno.calendario_travar(p_cliente_id, p_id, p_versao);
    if p_fuso is not null then
        perform interno.fuso_conferir(p_fuso);
    end if;
    update public.calendarios as c set nome = coalesce(btrim(p_nome), c.nome), fuso = coalesce(p_fuso, c.fuso)
    where c.cliente_id = p_cliente_id and c.id = p_id;
    if jsonb_typeof(p_faixas) <> 'null' then
        perform interno.calendario_faixas_definir(p_cliente_id, p_id, p_faixas);
    end if;
    perform interno.auditar(p_cliente_id, 'calendario_atualizado', 'calendarios', p_id),
        interno.avisar(p_cliente_id, 'calendario_mudou', p_id);
    return interno.calendarios_json(p_cliente_id, array[p_id]) -> 0;
end
$$;
comment on function api.calendario_atualizar(uuid, text, uuid, text, text, jsonb, integer) is
'Muda nome, fuso ou a lista inteira de faixas de um calendário (nulo = fica como está).
Erros: ZAG01 sessão inválida; ZPG01 sem permissão; ZNA01 calendário não encontrado; ZCG02 versão antiga; ZCA01 nome já usado; ZRV40 fuso desconhecido; ZRA01, ZRA03 e ZCA02 faixas.
Efeitos: calendarios, calendarios_faixas, auditoria, eventos.
Desde: 0.3.0';
