/* pgmigrate-encoding: utf-8 */
create or replace function interno.recusa(p_codigo text, p_mensagem text, p_detalhe text default null, p_campo text default null)
returns jsonb
language sql immutable security invoker parallel safe
begin atomic
    select jsonb_build_object('recusa', jsonb_build_object(
        'codigo', p_codigo, 'mensagem', p_mensagem, 'campo', p_campo, 'detalhe', p_detalhe
    ));
end;
comment on function interno.recusa(text, text, text, text) is
'Recusa devolvida em vez de lançada: o que a função gravou (uma tentativa, uma revogação) não se desfaz. A borda a responde como erro.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.1.0';
