/* pgmigrate-encoding: utf-8 */
create or replace function interno.campanha_completa_conferir(p_cliente_id uuid, p_campanha_id uuid) returns void
language plpgsql stable security invoker set search_path = ''
as $$
declare
    v_chave text;
begin
    if exists (
        select from public.campanhas as k
        where k.cliente_id = p_cliente_id and k.id = p_campanha_id and (k.modelo_id is null or k.conexao_id is null)
    ) then
        raise exception using errcode = 'ZRK16', column = 'modeloId', message = 'falta escolher o modelo e o número da campanha';
    end if;
    select e.chave into v_chave
    from public.campanhas as k
    join public.modelos as m on m.cliente_id = p_cliente_id and m.id = k.modelo_id
    cross join unnest(interno.modelo_variaveis(m.componentes)) with ordinality as e (chave, n)
    where k.cliente_id = p_cliente_id and k.id = p_campanha_id and k.status = 'RASCUNHO' and not k.variaveis ? e.chave
    order by e.n
    limit 1;
    if v_chave is not null then
        raise exception using errcode = 'ZRK02', column = 'variaveis', detail = v_chave,
            message = format('falta a variável %s do modelo', v_chave);
    end if;
end
$$;
comment on function interno.campanha_completa_conferir(uuid, uuid) is
'Recusa um rascunho que ainda não tem modelo, número ou o que o modelo pede.
Erros: ZRK16; ZRK02 falta uma variável.
Efeitos: nenhum.
Desde: 0.3.0';
