/* pgmigrate-encoding: utf-8 */
create or replace function interno.mensagem_termos(p_tipo text, p_corpo text, p_apagado_em timestamptz) returns tsvector
language sql immutable security invoker parallel safe
begin atomic
    -- the rest of a very long text is read, not searched; what looks like markup is what somebody wrote
    select case
        when p_corpo <> '' and p_apagado_em is null and p_tipo not in ('REACAO', 'EDICAO', 'EXCLUSAO', 'SISTEMA')
        then to_tsvector('public.portugues'::regconfig, translate(left(p_corpo, 20000), '<>', '  '))
    end;
end;
comment on function interno.mensagem_termos(text, text, timestamptz) is
'As palavras pelas quais uma mensagem é achada; nulo quando não se procura por ela (apagada, reação, do sistema).
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
