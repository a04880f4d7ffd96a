/* pgmigrate-encoding: utf-8 */
create or replace function interno.atalhos_ler(p_atalhos jsonb) returns jsonb
language plpgsql immutable security invoker set search_path = ''
as $$
declare
    v_errado text;
    v_repetida text;
begin
    if jsonb_typeof(p_atalhos) is distinct from 'object' then
        return p_atalhos;
    end if;
    select a.key into v_errado
    from jsonb_each_text(p_atalhos) as a
    where a.key !~ '^[a-z][a-zA-Z.]{1,39}$' or a.value is null
        or a.value !~ '^(desligado|g [a-z]|(Ctrl\+)?(Alt\+)?(Shift\+)?([^\s[:cntrl:]]|Enter|Escape|Tab|Arrow(Up|Down|Left|Right)))$'
    limit 1;
    if v_errado is not null then
        raise exception using errcode = 'ZRI43', message = 'esta tecla não serve de atalho', column = 'atalhos', detail = left(v_errado, 60);
    end if;
    select a.value into v_repetida
    from jsonb_each_text(p_atalhos) as a
    where a.value <> 'desligado'
    group by a.value having count(*) > 1
    limit 1;
    if v_repetida is not null then
        raise exception using errcode = 'ZRI44', message = 'duas ações não podem ter a mesma tecla', column = 'atalhos', detail = v_repetida;
    end if;
    return p_atalhos;
end
$$;
comment on function interno.atalhos_ler(jsonb) is
'Confere as teclas que uma pessoa deu a ações: uma letra ou tecla, com Ctrl, Alt e Shift nesta ordem, "g x" (uma depois da outra), ou desligado.
Erros: ZRI43 tecla que não serve; ZRI44 tecla repetida.
Efeitos: nenhum.
Desde: 0.3.0';
