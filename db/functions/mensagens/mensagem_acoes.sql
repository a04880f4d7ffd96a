/* pgmigrate-encoding: utf-8 */
create or replace function interno.mensagem_acoes(p_status text, p_motivo text) returns text[]
language plpgsql stable security invoker set search_path = ''
as $$
begin
    return array(
        select a.acao
        from unnest(coalesce(
            (select m.acoes from public.mensagens_motivos as m where m.motivo = p_motivo),
            (select c.acoes from public.provedor_classes as c where c.classe = p_motivo)
        )) with ordinality as a (acao, n)
        -- what a rule stopped before it left is written anew; what may have left is decided by a person, elsewhere
        where p_status in ('FALHOU', 'PULADO', 'INCERTO') and (a.acao <> 'REENVIAR' or p_status = 'FALHOU')
        order by a.n
    );
end
$$;
comment on function interno.mensagem_acoes(text, text) is
'O que uma pessoa pode fazer diante de uma mensagem que não saiu, conforme o motivo (mensagens_motivos) ou a classe do erro (provedor_classes); a que mais serve primeiro.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
