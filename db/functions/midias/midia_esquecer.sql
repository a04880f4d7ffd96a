/* pgmigrate-encoding: utf-8 */
create or replace function interno.midia_esquecer(p_cliente_id uuid, p_conexao_id uuid, p_midia_ids uuid[]) returns void
language sql volatile security invoker set search_path = ''
as $$
    update public.midias_provedor as v
    set status = 'PENDENTE', id_externo = null, expira_em = null, tentativas = 0, atualizado_em = now()
    where v.cliente_id = p_cliente_id and v.conexao_id = p_conexao_id and v.midia_id = any (p_midia_ids) and v.status = 'DISPONIVEL';
$$;
comment on function interno.midia_esquecer(uuid, uuid, uuid[]) is
'Esquece os ids que o provedor de uma conexão deu a estas mídias: ele não os reconhece mais, e elas são enviadas de novo antes do próximo uso.
Erros: nenhum.
Efeitos: midias_provedor.
Desde: 0.2.0';
