/* pgmigrate-encoding: utf-8 */
create or replace function webhook.instancia_obter(p_conexao_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_cliente_id uuid;
    v_json jsonb;
begin
    -- the address names the connection, not the tenant; without a token of it nothing more is learnt here
    select c.cliente_id into v_cliente_id
    from public.conexoes as c
    where c.id = p_conexao_id and c.cliente_id is not null and c.provedor = 'UAIZAP' and c.removido_em is null;
    if v_cliente_id is null then
        return null;
    end if;
    perform interno.contexto_trabalho(v_cliente_id);
    select jsonb_build_object(
        'clienteId', v_cliente_id, 'credenciais', encode(c.credenciais, 'base64'), 'segredos', array_remove(array[
            encode(i.segredo_hash, 'hex'),
            case when i.webhook_em is null or i.segredo_anterior_ate > v_agora then encode(i.segredo_anterior_hash, 'hex') end
        ], null)
    ) into v_json
    from public.conexoes as c
    join public.conexoes_instancias as i on i.cliente_id = v_cliente_id and i.conexao_id = c.id
    where c.cliente_id = v_cliente_id and c.id = p_conexao_id;
    return v_json;
end
$$;
comment on function webhook.instancia_obter(uuid) is
'O que a borda precisa para saber se um webhook UaiZap é mesmo desta conexão: sha256 dos segredos que valem e credenciais cifradas, com o token que o corpo tem de trazer. Nulo quando não há tal conexão.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
