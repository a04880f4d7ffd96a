/* pgmigrate-encoding: utf-8 */
create or replace function interno.disjuntor_avaliar(
    p_conta public.campanhas_disjuntor, p_protecao public.protecoes, p_seguidas integer, out motivo text, out texto text
)
language sql immutable security invoker set search_path = ''
as $$
    select r.motivo, r.texto
    from (
        select p_conta.envios + p_conta.envios_antes as envios, p_conta.recusas + p_conta.recusas_antes as recusas,
            p_conta.falhas + p_conta.falhas_antes as falhas, p_conta.bloqueios + p_conta.bloqueios_antes as bloqueios,
            p_conta.optouts + p_conta.optouts_antes as optouts
    ) as s
    cross join lateral (
        values
        (1, p_seguidas >= p_protecao.seguidas, 'RECUSAS_SEGUIDAS', format(
            'O WhatsApp recusou %s envios seguidos pelo mesmo tipo de erro: confira o modelo e as variáveis', p_seguidas
        )),
        (2, s.envios >= p_protecao.amostra and s.recusas * 100 >= s.envios * p_protecao.recusas_pct, 'RECUSAS_DEMAIS', format(
            'O WhatsApp recusou %s dos últimos %s envios: confira o modelo e as variáveis', s.recusas, s.envios
        )),
        (3, s.envios >= p_protecao.amostra and s.optouts * 100 >= s.envios * p_protecao.optout_pct, 'OPTOUT_DEMAIS', format(
            '%s dos últimos %s que receberam pediram para parar: reveja o público antes de retomar', s.optouts, s.envios
        )),
        (4, s.envios >= p_protecao.amostra and s.bloqueios * 100 >= s.envios * p_protecao.bloqueios_pct, 'BLOQUEIOS_DEMAIS', format(
            '%s dos últimos %s não puderam receber (número sem WhatsApp ou que bloqueou): reveja a lista antes de retomar',
            s.bloqueios, s.envios
        )),
        (5, s.envios >= p_protecao.amostra and s.falhas * 100 >= s.envios * p_protecao.falhas_pct, 'FALHAS_DEMAIS', format(
            '%s dos últimos %s envios falharam: veja os motivos antes de retomar', s.falhas, s.envios
        ))
    ) as r (ordem, passou, motivo, texto)
    where r.passou
    order by r.ordem
    limit 1;
$$;
comment on function interno.disjuntor_avaliar(public.campanhas_disjuntor, public.protecoes, integer) is
'O primeiro limite que uma campanha passou, com a frase que uma pessoa lê; nulo quando nenhum.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
