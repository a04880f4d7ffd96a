/* pgmigrate-encoding: utf-8 */
create or replace function interno.versao_conferir(p_atual integer, p_esperada integer) returns void
language plpgsql immutable security invoker set search_path = ''
as $$
begin
    if p_esperada is not null and p_esperada <> p_atual then
        raise exception using errcode = 'ZCG02', message = 'outra pessoa mudou isto antes: recarregue e tente de novo', column = 'versao';
    end if;
end
$$;
comment on function interno.versao_conferir(integer, integer) is
'Recusa uma mudança feita sobre versão antiga (p_esperada nula = sem conferência).
Erros: ZCG02.
Efeitos: nenhum.
Desde: 0.1.0';
