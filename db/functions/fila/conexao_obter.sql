/* pgmigrate-encoding: utf-8 */
create or replace function worker.conexao_obter(p_cliente_id uuid, p_conexao_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_json jsonb;
begin
    perform interno.contexto_trabalho(p_cliente_id);
    select jsonb_build_object(
        'id', x.id, 'provedor', x.provedor, 'versao', x.versao, 'numeroIdExterno', x.numero_id_externo,
        'contaIdExterna', x.conta_id_externa, 'urlBase', i.url_base, 'instancia', i.instancia,
        'credenciais', encode(x.credenciais, 'base64')
    ) into v_json
    from public.conexoes as x
    left join public.conexoes_instancias as i on i.cliente_id = p_cliente_id and i.conexao_id = x.id
    where x.cliente_id = p_cliente_id and x.id = p_conexao_id and x.removido_em is null;
    if v_json is null then
        raise exception using errcode = 'ZNX01', message = 'conexão não encontrada';
    end if;
    return v_json;
end
$$;
comment on function worker.conexao_obter(uuid, uuid) is
'O que um worker precisa para enviar por uma conexão; as credenciais vão cifradas.
Erros: ZNX01.
Efeitos: nenhum.
Desde: 0.1.0';
