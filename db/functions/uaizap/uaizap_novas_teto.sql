/* pgmigrate-encoding: utf-8 */
create or replace function interno.uaizap_novas_teto(p_instancia public.conexoes_instancias, p_agora timestamptz) returns integer
language sql stable security invoker set search_path = ''
as $$
    select case
        when p_instancia.estreou_em is null or p_instancia.estreou_em > p_agora - interval '7 days' then p_instancia.novas_na_primeira_semana
        when p_instancia.estreou_em > p_agora - interval '14 days' then p_instancia.novas_na_segunda_semana
        else p_instancia.novas_depois
    end;
$$;
comment on function interno.uaizap_novas_teto(public.conexoes_instancias, timestamptz) is
'Quantas conversas novas o aparelho pode começar hoje, pela semana de vida em que está.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
