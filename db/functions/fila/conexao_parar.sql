/* pgmigrate-encoding: utf-8 */
create or replace function interno.conexao_parar(
    p_cliente_id uuid, p_conexao_id uuid, p_efeito text, p_classe text, p_codigo integer, p_texto text
) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    r_conexao record;
begin
    for r_conexao in
        update public.conexoes as x
        set status = case p_efeito when 'CONEXAO_ERRO' then 'ERRO' else 'PAUSADA' end, status_motivo = left(p_texto, 300)
        where x.cliente_id = p_cliente_id and x.status = 'ATIVA' and x.removido_em is null and (
            x.id = p_conexao_id or p_efeito = 'CONTA_PAUSAR' and x.conta_id_externa = (
                select o.conta_id_externa from public.conexoes as o where o.cliente_id = p_cliente_id and o.id = p_conexao_id
            )
        )
        returning x.id
    loop
        perform interno.ocorrencia_registrar(
            p_cliente_id, case p_efeito when 'CONTA_PAUSAR' then 'CONTA' else 'CONEXAO' end,
            r_conexao.id, r_conexao.id, p_classe, p_codigo, p_texto
        );
        if p_efeito <> 'CONEXAO_ERRO' then
            perform interno.conexao_consulta_agendar(p_cliente_id, r_conexao.id, now());
        end if;
    end loop;
end
$$;
comment on function interno.conexao_parar(uuid, uuid, text, text, integer, text) is
'Para um número (ERRO: a credencial ou o aparelho; PAUSADA: o provedor o restringiu) ou, com CONTA_PAUSAR, todos os números da mesma conta deste cliente. O trabalho fica guardado.
Erros: nenhum.
Efeitos: conexoes, ocorrencias, fila (a consulta da saúde do número), eventos.
Desde: 0.2.0';
