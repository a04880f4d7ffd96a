/* pgmigrate-encoding: utf-8 */
create or replace function interno.limite_ler(p_limite integer) returns integer
language plpgsql immutable security invoker set search_path = ''
as $$
begin
    if p_limite is null then
        return 50;
    end if;
    if p_limite not between 1 and 200 then
        raise exception using errcode = '22023', message = 'limite deve estar entre 1 e 200', column = 'limite';
    end if;
    return p_limite;
end
$$;
comment on function interno.limite_ler(integer) is
'Limite de uma lista: 50 quando ausente, de 1 a 200.
Erros: 22023 fora da faixa.
Efeitos: nenhum.
Desde: 0.1.0';
