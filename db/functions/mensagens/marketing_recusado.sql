/* pgmigrate-encoding: utf-8 */
create or replace function interno.marketing_recusado(p_tipo text, p_conteudo jsonb) returns boolean
language sql immutable security invoker parallel safe
begin atomic
    -- only when it is the whole message: "pare de me atrasar" asks for something else; and a button that says "Cancelar"
    -- cancels what its message offered
    select coalesce(bool_or(
        x.texto ~ '^[^a-z0-9]*(sair|pare|parar|stop|unsubscribe|descadastrar|descadastre(-me)?|sair da lista|nao quero (mais )?receber)[^a-z0-9]*$'
        or (not x.botao and x.texto ~ '^[^a-z0-9]*cancelar[^a-z0-9]*$')
        or (x.botao and x.texto ~ '^[^a-z0-9]*(opt[-_ ]?out([-_ ]?yes)?|parar promocoes|stop[-_ ]promotions|nao quero (mais )?receber .{1,40}|cancelar (inscricao|promocoes))[^a-z0-9]*$')
    ), false)
    from (
        select interno.texto_busca(v.valor) as texto, p_tipo <> 'TEXTO' as botao
        from unnest(array[p_conteudo ->> 'texto', p_conteudo ->> 'titulo', p_conteudo ->> 'carga', p_conteudo ->> 'id']) as v (valor)
        where p_tipo in ('TEXTO', 'BOTAO', 'RESPOSTA_BOTAO') and char_length(v.valor) <= 100
    ) as x;
end;
comment on function interno.marketing_recusado(text, jsonb) is
'Se uma mensagem recebida é, inteira, um pedido para não receber mais marketing: SAIR, PARE, PARAR, CANCELAR, STOP, DESCADASTRAR… (sem importar maiúsculas, acentos, espaços e pontuação em volta), ou o botão de descadastro de um modelo. Um botão "Cancelar" não é, e uma edição também não.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
