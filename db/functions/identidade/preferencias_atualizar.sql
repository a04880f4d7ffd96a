/* pgmigrate-encoding: utf-8 */
create or replace function api.preferencias_atualizar(
    p_cliente_id uuid, p_sessao text, p_atalhos jsonb default null, p_atalhos_ligados boolean default null, p_enviar_com text default null,
    p_apos_enviar text default null, p_som boolean default null, p_avisos_navegador boolean default null, p_silencio_de text default null,
    p_silencio_ate text default null, p_tela jsonb default null, p_limpar text[] default '{}', p_versao integer default null,
    p_avisos_fila boolean default null, p_avisos_texto boolean default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_usuario_id uuid;
    v_versao integer;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'sessao:usar');
    v_usuario_id := interno.usuario_corrente();
    insert into public.preferencias (cliente_id, usuario_id, versao) values (p_cliente_id, v_usuario_id, 0) on conflict do nothing;
    select p.versao into v_versao from public.preferencias as p
    where p.cliente_id = p_cliente_id and p.usuario_id = v_usuario_id
    for update;
    perform interno.versao_conferir(v_versao, p_versao);
    -- tela is joined key by key: each page keeps its own
    update public.preferencias as p
    set atalhos = coalesce(interno.atalhos_ler(p_atalhos), p.atalhos), atalhos_ligados = coalesce(p_atalhos_ligados, p.atalhos_ligados),
        enviar_com = coalesce(p_enviar_com, p.enviar_com), apos_enviar = coalesce(p_apos_enviar, p.apos_enviar), som = coalesce(p_som, p.som),
        avisos_navegador = coalesce(p_avisos_navegador, p.avisos_navegador),
        avisos_fila = coalesce(p_avisos_fila, p.avisos_fila), avisos_texto = coalesce(p_avisos_texto, p.avisos_texto),
        silencio_de = case when 'silencio' = any (p_limpar) then null else coalesce(interno.hora_ler(p_silencio_de, 'silencioDe'), p.silencio_de) end,
        silencio_ate = case when 'silencio' = any (p_limpar) then null else coalesce(interno.hora_ler(p_silencio_ate, 'silencioAte'), p.silencio_ate) end,
        tela = case when jsonb_typeof(p_tela) = 'object' then jsonb_strip_nulls(p.tela || p_tela) else coalesce(p_tela, p.tela) end
    where p.cliente_id = p_cliente_id and p.usuario_id = v_usuario_id;
    return interno.preferencias_json(p_cliente_id, v_usuario_id);
end
$$;
comment on function api.preferencias_atualizar(uuid, text, jsonb, boolean, text, text, boolean, boolean, text, text, jsonb, text[], integer, boolean, boolean) is
'Muda o que quem pede escolheu para a própria tela; nulo = fica como está. atalhos vem inteiro; tela junta-se ao que há (valor nulo tira a chave); p_limpar: silencio.
Erros: ZAG01 sessão inválida; ZCG02 versão antiga; ZRI40 a ZRI44; 22023 hora inválida; 23514 valor fora da regra.
Efeitos: preferencias, eventos.
Desde: 0.3.0';
