/* pgmigrate-encoding: utf-8 */
create or replace function api.importacao_lote_criar(
    p_cliente_id uuid, p_sessao text, p_id uuid, p_ordem integer, p_linhas jsonb, p_ultimo boolean default false
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    c_maximo constant integer := 2000;
    v_importacao public.importacoes;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'contatos:importar');
    v_importacao := interno.importacao_travar(p_cliente_id, p_id);
    if jsonb_typeof(p_linhas) is distinct from 'array' or jsonb_array_length(p_linhas) not between 1 and c_maximo then
        raise exception using errcode = '22023', message = format('um lote tem de 1 a %s linhas', c_maximo), column = 'linhas';
    elsif v_importacao.status <> 'RECEBENDO' then
        raise exception using errcode = 'ZCC10', message = 'esta importação não está mais nesse passo: recarregue a página';
    end if;
    insert into public.importacoes_lotes (cliente_id, importacao_id, ordem, cruas, quantas)
    values (p_cliente_id, p_id, p_ordem, p_linhas, jsonb_array_length(p_linhas))
    on conflict (cliente_id, importacao_id, ordem) do update set cruas = excluded.cruas, quantas = excluded.quantas;
    if p_ultimo then
        update public.importacoes as i set status = 'MAPEAR', total = (
            select sum(k.quantas) from public.importacoes_lotes as k where k.cliente_id = p_cliente_id and k.importacao_id = p_id
        )
        where i.cliente_id = p_cliente_id and i.id = p_id
        returning i.* into v_importacao;
    end if;
    return interno.importacao_json(v_importacao);
end
$$;
comment on function api.importacao_lote_criar(uuid, text, uuid, integer, jsonb, boolean) is
'Guarda um lote de linhas cruas do arquivo ({linha, celulas} ou {linha, motivo}); o último fecha a recepção. Repetir um lote o troca.
Erros: ZNC04 importação não encontrada; ZCC10 já recebida; 22023 lote fora da faixa; 23514 valor fora da regra.
Efeitos: importacoes, importacoes_lotes, eventos.
Desde: 0.3.0';
