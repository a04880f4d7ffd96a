/* pgmigrate-encoding: utf-8 */
create or replace function interno.conversa_na_fila(p_conversa public.conversas) returns boolean
language sql stable security invoker
begin atomic
    -- no sub-select here, or it would no longer be inlined, and conversas_fila_idx no longer used
    select (p_conversa).usuario_id is null and (p_conversa).status = 'ABERTA' and (p_conversa).controle <> 'BOT'
        and ((p_conversa).ultima_entrada_em is not null or (p_conversa).versao > 1);
end;
comment on function interno.conversa_na_fila(public.conversas) is
'Se uma conversa está na fila, à espera de quem a atenda. Não está a que ninguém escreveu e em que ninguém mexeu: a aberta por um agendamento, ou pelo que alguém escreveu no aparelho a quem nunca respondeu.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
