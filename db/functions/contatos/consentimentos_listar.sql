/* pgmigrate-encoding: utf-8 */
create or replace function api.consentimentos_listar(
    p_cliente_id uuid, p_sessao text, p_contato_id uuid, p_limite integer default null, p_cursor text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_limite integer;
    v_apos uuid;
    v_id uuid;
    v_todos uuid[];
    v_itens jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'contatos:ler');
    v_limite := interno.limite_ler(p_limite);
    v_apos := interno.cursor_ler(p_cursor);
    v_id := interno.contato_atual(p_cliente_id, p_contato_id);
    if not exists (
        select from public.contatos as c
        where c.cliente_id = p_cliente_id and c.id = v_id and c.removido_em is null
            and interno.visivel(p_cliente_id, c.responsavel_id, c.equipe_id)
    ) then
        raise exception using errcode = 'ZNC01', message = 'contato não encontrado';
    end if;
    v_todos := interno.contato_e_fundidos(p_cliente_id, v_id);
    select coalesce(jsonb_agg(interno.consentimento_json(x.linha) order by x.id desc), '[]') into v_itens
    from (
        select s.id, s as linha
        from public.consentimentos as s
        where s.cliente_id = p_cliente_id and s.contato_id = any (v_todos) and (v_apos is null or s.id < v_apos)
        order by s.id desc
        limit v_limite + 1
    ) as x;
    return interno.pagina(v_itens, v_limite);
end
$$;
comment on function api.consentimentos_listar(uuid, text, uuid, integer, text) is
'O livro de consentimentos de um contato e dos que foram juntados a ele, do mais novo para o mais velho.
Erros: ZNC01 contato não encontrado; 22023 limite ou cursor inválido.
Efeitos: nenhum.
Desde: 0.1.0';
