/* pgmigrate-encoding: utf-8 */
create or replace function api.empresa_atualizar(
    p_cliente_id uuid, p_sessao text, p_nome text default null, p_fuso text default null, p_versao integer default null,
    p_sla_minutos integer default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_versao integer;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'empresa:gerir');
    select c.versao into v_versao from public.clientes as c where c.id = p_cliente_id for no key update;
    perform interno.versao_conferir(v_versao, p_versao);
    if p_fuso is not null then
        perform interno.fuso_conferir(p_fuso);
    end if;
    update public.clientes as c
    set nome = coalesce(btrim(p_nome), c.nome), fuso = coalesce(p_fuso, c.fuso), sla_minutos = coalesce(p_sla_minutos, c.sla_minutos)
    where c.id = p_cliente_id;
    perform interno.auditar(p_cliente_id, 'empresa_atualizada', 'clientes', p_cliente_id);
    return interno.empresa_json(p_cliente_id);
end
$$;
comment on function api.empresa_atualizar(uuid, text, text, text, integer, integer) is
'Muda o nome, o fuso horário ou o prazo de resposta da empresa (nulo = fica como está); cada calendário continua no seu fuso.
Erros: ZAG01 sessão inválida; ZPG01 sem permissão; ZCG02 versão antiga; ZRI07 nome; ZRV40 fuso desconhecido; ZRI45 prazo.
Efeitos: clientes, auditoria, eventos.
Desde: 0.3.0';
