/* pgmigrate-encoding: utf-8 */
create or replace function interno.conexao_credencial(p_cliente_id uuid, p_id uuid) returns jsonb
language plpgsql stable security invoker set search_path = ''
as $$
declare
    v_resposta jsonb;
begin
    select jsonb_build_object(
        'id', x.id, 'provedor', x.provedor, 'status', x.status, 'versao', x.versao,
        'numeroIdExterno', x.numero_id_externo, 'contaIdExterna', x.conta_id_externa, 'urlBase', i.url_base, 'instancia', i.instancia,
        'credenciais', translate(encode(x.credenciais, 'base64'), E'\n', '')
    ) into v_resposta
    from public.conexoes as x
    left join public.conexoes_instancias as i on i.cliente_id = p_cliente_id and i.conexao_id = x.id
    where x.cliente_id = p_cliente_id and x.id = p_id and x.removido_em is null;
    if v_resposta is null then
        raise exception using errcode = 'ZNX01', message = 'conexão não encontrada';
    end if;
    return v_resposta;
end
$$;
comment on function interno.conexao_credencial(uuid, uuid) is
'Credenciais cifradas (base64), ids e, de um aparelho, o endereço de uma conexão; a chave que as abre nunca está no banco.
Erros: ZNX01 conexão não encontrada.
Efeitos: nenhum.
Desde: 0.1.0';
