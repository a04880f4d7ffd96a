/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_contatos__sugerir() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    -- a load of the whole base is no moment for suggestions
    c_maximo constant integer := 5000;
    r_lote record;
begin
    for r_lote in
        select n.cliente_id, array_agg(n.id) as ids from novos as n group by n.cliente_id having count(*) <= c_maximo order by n.cliente_id
    loop
        perform interno.sugestoes_calcular(r_lote.cliente_id, r_lote.ids);
    end loop;
    return null;
end
$$;
comment on function interno.tg_contatos__sugerir() is
'Procura, para os contatos que o comando criou, quem talvez seja a mesma pessoa.
Erros: nenhum.
Efeitos: contatos_sugestoes.
Desde: 0.3.0';
