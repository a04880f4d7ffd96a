/* pgmigrate-encoding: utf-8 */
create or replace function api.campanha_modelo_atualizar(
    p_cliente_id uuid, p_sessao text, p_id uuid, p_versao integer, p_modelo_id uuid, p_variaveis jsonb default null,
    p_completas boolean default true
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'campanhas:gerir');
    perform interno.campanha_travar(p_cliente_id, p_id, array['RASCUNHO']);
    perform interno.versao_conferir(
        (select k.versao from public.campanhas as k where k.cliente_id = p_cliente_id and k.id = p_id), p_versao
    );
    -- the number of the draft stays if it may send this template; otherwise the template's own
    update public.campanhas as k
    set modelo_id = m.id,
        conexao_id = case when interno.modelo_da_conta(p_cliente_id, m.conexao_id, k.conexao_id) then k.conexao_id else m.conexao_id end,
        variaveis = case when p_variaveis is not null and p_completas then interno.variaveis_conferir(p_cliente_id, p_modelo_id, p_variaveis)
            else interno.variaveis_aproveitar(coalesce(p_variaveis, k.variaveis), m.componentes) end
    from public.modelos as m
    where k.cliente_id = p_cliente_id and k.id = p_id and m.cliente_id = p_cliente_id and m.id = p_modelo_id;
    if not found then
        raise exception using errcode = 'ZNM01', message = 'modelo não encontrado', column = 'modeloId';
    end if;
    perform interno.campanha_modelo_conferir(p_cliente_id, k.conexao_id, k.modelo_id)
    from public.campanhas as k where k.cliente_id = p_cliente_id and k.id = p_id;
    perform interno.auditar(p_cliente_id, 'campanha_atualizada', 'campanhas', p_id);
    return interno.campanha_json(p_cliente_id, p_id);
end
$$;
comment on function api.campanha_modelo_atualizar(uuid, text, uuid, integer, uuid, jsonb, boolean) is
'Segundo passo de um rascunho: o modelo e o que preenche suas variáveis. Sem p_variaveis, só troca de modelo e fica com as que servem; p_completas falso: guarda as que já foram escritas, ainda que faltem outras. O número muda se o de antes não pode usar o modelo.
Erros: ZNK01; ZCK01 não é rascunho; ZCG02 versão antiga; ZNM01; ZRK02, ZRK03, ZRK12, ZRK14, ZRM01, ZRM06 e ZND01 variáveis; ZRK13 modelo que a campanha não sabe preencher.
Efeitos: campanhas, auditoria.
Desde: 0.3.0';
