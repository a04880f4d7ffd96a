/* pgmigrate-encoding: utf-8 */
create or replace function interno.campanha_nome_conferir(p_cliente_id uuid, p_campanha_id uuid, p_nome text) returns void
language plpgsql stable security invoker set search_path = ''
as $$
begin
    if not exists (
        select from public.campanhas as k
        where k.cliente_id = p_cliente_id and k.id = p_campanha_id
            and interno.texto_busca(btrim(k.nome)) = interno.texto_busca(btrim(coalesce(p_nome, '')))
    ) then
        raise exception using errcode = 'ZRK17', column = 'nome', message = 'para confirmar, escreva o nome da campanha como ele é';
    end if;
end
$$;
comment on function interno.campanha_nome_conferir(uuid, uuid, text) is
'Recusa quando p_nome não é o nome da campanha (maiúsculas e acentos não contam): a confirmação do que não se desfaz.
Erros: ZRK17.
Efeitos: nenhum.
Desde: 0.3.0';
