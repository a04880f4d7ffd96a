/* pgmigrate-encoding: utf-8 */
create or replace function interno.espera_de_envio(p_classe text, p_tentativas smallint, p_sorte double precision) returns interval
language sql immutable security invoker parallel safe
begin atomic
    -- jitter of up to a half, so that what failed together does not come back together
    select (0.5 + p_sorte) * interval '1 second' * case p_classe
        when 'RATE_PAIR' then 4 ^ p_tentativas
        when 'RATE_NUMBER' then 2
        when 'RATE_ACCOUNT' then 60
        when 'SEM_VAGA' then 0.1
        when 'PLATFORM' then (array[5, 30, 120])[least(p_tentativas, 3)]
        else 0.5 * 2 ^ p_tentativas
    end;
end;
comment on function interno.espera_de_envio(text, smallint, double precision) is
'Quanto esperar antes da próxima tentativa, pela classe do erro (p_sorte entre 0 e 1 espalha).
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.1.0';
