/* pgmigrate-encoding: utf-8 */
create or replace function interno.mensagem_trava(p_conexao_id uuid, p_id_externo text) returns bigint
language sql immutable security invoker set search_path = ''
as $$
    select hashtextextended('mensagem:' || p_conexao_id || ':' || p_id_externo, 0);
$$;
comment on function interno.mensagem_trava(uuid, text) is
'A chave da trava do nome que o provedor dá a uma mensagem: quem a nomeia e quem fala dela esperam um pelo outro.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
