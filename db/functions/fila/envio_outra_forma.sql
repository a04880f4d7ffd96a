/* pgmigrate-encoding: utf-8 */
create or replace function interno.envio_outra_forma(p_cliente_id uuid, p_alvo_id uuid, p_telefone text, p_para text) returns boolean
language sql stable security invoker set search_path = ''
as $$
    select p_para is not null and exists (
        select from unnest(interno.telefone_formas(p_telefone)) as f (forma)
        where f.forma <> p_para and p_para = any (interno.telefone_formas(p_telefone)) and not exists (
            select from public.tentativas as t
            where t.cliente_id = p_cliente_id and t.alvo_id = p_alvo_id and t.para = f.forma
        )
    );
$$;
comment on function interno.envio_outra_forma(uuid, uuid, text, text) is
'Se um celular brasileiro recusado (p_para) ainda pode ser tentado com a outra forma, com ou sem o nono dígito: uma vez só.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
