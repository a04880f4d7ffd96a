/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_conversas__fila() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    perform interno.eventos_emitir(
        new.cliente_id, 'contagem_mudou', 'CONVERSA', array[new.id], '{}', array[new.usuario_id], array[new.equipe_id]
    );
    return null;
end
$$;
comment on function interno.tg_conversas__fila() is
'Conta que as contagens mudaram quando uma conversa a que ninguém tinha escrito, e em que ninguém tinha mexido, passa a poder estar na fila (interno.conversa_na_fila).
Erros: nenhum.
Efeitos: eventos.
Desde: 0.3.0';
