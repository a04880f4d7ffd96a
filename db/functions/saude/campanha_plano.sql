/* pgmigrate-encoding: utf-8 */
create or replace function interno.campanha_plano(
    p_vao bigint, p_gratis bigint, p_limite integer, p_restam integer, p_por_dia bigint, p_hoje date
) returns jsonb
language plpgsql immutable security invoker set search_path = ''
as $$
declare
    c_dias constant integer := 366;
    v_faltam bigint := p_vao;
    v_cabem bigint;
    v_plano jsonb := '[]';
begin
    for v_dia in 0..c_dias - 1 loop
        v_cabem := least(v_faltam, p_por_dia, case
            when p_limite is null then v_faltam when v_dia = 0 then p_gratis + greatest(p_restam, 0) else p_limite end);
        v_plano := v_plano || jsonb_build_object('dia', p_hoje + v_dia, 'pessoas', v_cabem);
        v_faltam := v_faltam - v_cabem;
        exit when v_faltam = 0 or (v_dia > 0 and v_cabem = 0);
    end loop;
    return v_plano;
end
$$;
comment on function interno.campanha_plano(bigint, bigint, integer, integer, bigint, date) is
'Espalha p_vao pessoas pelos dias (24 h móveis a partir de agora, até um ano): no primeiro as que não custam e o que resta do limite, depois o limite inteiro, nunca mais que p_por_dia.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
