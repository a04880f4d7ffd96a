/* pgmigrate-encoding: utf-8 */
create or replace function api.saude_obter() returns jsonb
language sql stable security definer set search_path = ''
as $$
    select jsonb_build_object(
        'migracao', (select max(s.version) from migracao.schema_version as s),
        'restricoes', interno.restricoes_listar(),
        'funcoes', interno.funcoes_listar(),
        'workers', (select count(*) from public.processos as p where p.visto_em > now() - interval '15 seconds'),
        'instantaneoIdadeS', interno.instantaneo_idade()
    );
$$;
comment on function api.saude_obter() is
'Versão do esquema, textos de restrições e o que cada função pede (lidos por processo), workers que deram sinal nos últimos 15 segundos e a idade da transação mais velha (instantaneo_idade).
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.1.0';
