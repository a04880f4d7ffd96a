/* pgmigrate-encoding: utf-8 */
create or replace function interno.pares_perdoar(p_cliente_id uuid, p_conexao_id uuid, p_itens jsonb) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_contatos uuid[] := array(
        select (i.value #>> '{alvo,contato_id}')::uuid from jsonb_array_elements(p_itens) as i where i.value ->> 'acao' = 'ENVIADO'
    );
begin
    update public.pares as p set recusas = 0
    where p.cliente_id = p_cliente_id and p.conexao_id = p_conexao_id and p.contato_id = any (v_contatos) and p.recusas > 0;
end
$$;
comment on function interno.pares_perdoar(uuid, uuid, jsonb) is
'Esquece as recusas por excesso de quem voltou a receber.
Erros: nenhum.
Efeitos: pares.
Desde: 0.2.0';
