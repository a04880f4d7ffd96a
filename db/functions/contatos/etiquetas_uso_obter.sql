/* pgmigrate-encoding: utf-8 */
create or replace function api.etiquetas_uso_obter(p_cliente_id uuid, p_sessao text, p_ids uuid[]) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    c_maximo constant integer := 10000;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'etiquetas:ler');
    if cardinality(p_ids) > 200 then
        raise exception using errcode = '22023', message = 'informe até 200 etiquetas', column = 'ids';
    end if;
    return jsonb_build_object('maximo', c_maximo, 'etiquetas', (
        select coalesce(jsonb_object_agg(e.id, jsonb_build_object(
            'contatos', (
                select count(*) from (
                    select from public.contatos_etiquetas as c where c.cliente_id = p_cliente_id and c.etiqueta_id = e.id limit c_maximo
                ) as x
            ),
            'conversas', (
                select count(*) from (
                    select from public.conversas_etiquetas as v where v.cliente_id = p_cliente_id and v.etiqueta_id = e.id limit c_maximo
                ) as x
            ),
            'campanhas', (
                select count(*) from public.campanhas as k
                where k.cliente_id = p_cliente_id and k.status in ('RASCUNHO', 'AGENDADA')
                    and (k.publico_filtro -> 'etiquetaIds' ? e.id::text or k.publico_filtro -> 'semEtiquetaIds' ? e.id::text)
            )
        )), '{}')
        from public.etiquetas as e
        where e.cliente_id = p_cliente_id and e.id = any (p_ids)
    ));
end
$$;
comment on function api.etiquetas_uso_obter(uuid, text, uuid[]) is
'Em quantos contatos e conversas está cada uma destas etiquetas (conta até maximo), e quantas campanhas por enviar escolhem público por ela.
Erros: 22023 ids demais.
Efeitos: nenhum.
Desde: 0.3.0';
