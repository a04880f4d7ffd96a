/* pgmigrate-encoding: utf-8 */
create or replace function interno.disjuntor_contar(p_cliente_id uuid, p_itens jsonb) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    r_campanha record;
begin
    for r_campanha in
        select (i.alvo ->> 'campanha_id')::uuid as id, min(i.codigo) as codigo, min(i.texto) as texto, count(*) as falhas
        from jsonb_to_recordset(p_itens) as i (alvo jsonb, efeito text, codigo integer, texto text)
        where i.efeito = 'DISJUNTOR' and i.alvo ->> 'campanha_id' is not null
        group by i.alvo ->> 'campanha_id'
        order by 1
    loop
        perform interno.ocorrencia_registrar(
            p_cliente_id, 'CAMPANHA', r_campanha.id, null, 'REQUEST', r_campanha.codigo,
            format('%s recusas num lote: %s', r_campanha.falhas, r_campanha.texto)
        );
    end loop;
end
$$;
comment on function interno.disjuntor_contar(uuid, jsonb) is
'Conta, por campanha, as respostas de um lote já classificado ([{acao, classe, efeito, codigo, texto, alvo: {campanha_id, …}}]) que dizem que ela toda está errada.
Erros: nenhum.
Efeitos: ocorrencias.
Desde: 0.2.0';
