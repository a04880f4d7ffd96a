/* pgmigrate-encoding: utf-8 */
create or replace function interno.disjuntor_somar(p_conta public.campanhas_disjuntor, p_amostra integer, p_novos integer[])
returns public.campanhas_disjuntor
language plpgsql immutable security invoker set search_path = ''
as $$
declare
    v_conta public.campanhas_disjuntor := p_conta;
begin
    -- a block that is full becomes the one before: the window is always between one and two samples
    if v_conta.envios >= p_amostra then
        v_conta.envios_antes := v_conta.envios;
        v_conta.recusas_antes := v_conta.recusas;
        v_conta.falhas_antes := v_conta.falhas;
        v_conta.bloqueios_antes := v_conta.bloqueios;
        v_conta.optouts_antes := v_conta.optouts;
        v_conta.envios := 0;
        v_conta.recusas := 0;
        v_conta.falhas := 0;
        v_conta.bloqueios := 0;
        v_conta.optouts := 0;
    end if;
    v_conta.envios := v_conta.envios + p_novos[1];
    v_conta.recusas := v_conta.recusas + p_novos[2];
    v_conta.falhas := v_conta.falhas + p_novos[3];
    v_conta.bloqueios := v_conta.bloqueios + p_novos[4];
    v_conta.optouts := v_conta.optouts + p_novos[5];
    return v_conta;
end
$$;
comment on function interno.disjuntor_somar(public.campanhas_disjuntor, integer, integer[]) is
'Soma um lote (envios, recusas, falhas, bloqueios, opt-outs) às contas de uma campanha, virando o bloco que encheu.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
