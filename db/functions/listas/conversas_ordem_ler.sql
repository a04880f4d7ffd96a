/* pgmigrate-encoding: utf-8 */
create or replace function interno.conversas_ordem_ler(p_ordem text, p_filtros public.conversas_filtros) returns text
language plpgsql immutable security invoker set search_path = ''
as $$
begin
    if p_ordem is null then
        return case when p_filtros.aba = 'FILA' then 'ESPERA' else 'ULTIMA_ATIVIDADE' end;
    end if;
    if p_ordem not in ('ULTIMA_ATIVIDADE', 'ESPERA', 'CRIADA', 'PRIORIDADE') then
        raise exception using errcode = '22023', message = 'esta ordem não existe', column = 'ordem';
    end if;
    return p_ordem;
end
$$;
comment on function interno.conversas_ordem_ler(text, public.conversas_filtros) is
'A ordem de uma lista de conversas; ausente, a da aba.
Erros: 22023 ordem desconhecida.
Efeitos: nenhum.
Desde: 0.3.0';
