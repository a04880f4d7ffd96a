/* pgmigrate-encoding: utf-8 */
create or replace function interno.resposta_midias_gravar(p_cliente_id uuid, p_resposta public.respostas_rapidas, p_midias uuid[]) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    c_maximo constant integer := 10;
    v_falta uuid;
begin
    if cardinality(p_midias) > c_maximo then
        raise exception using errcode = 'ZRV83', message = format('são aceitos até %s arquivos', c_maximo), column = 'midiaIds';
    end if;
    if cardinality(p_midias) = 0 and btrim(p_resposta.texto) = '' then
        raise exception using errcode = 'ZRV84', message = 'escreva um texto ou escolha um arquivo', column = 'texto';
    end if;
    select p.id into v_falta
    from unnest(p_midias) as p (id)
    left join public.midias as m on m.cliente_id = p_cliente_id and m.id = p.id
    where m.id is null or not interno.midia_visivel(p_cliente_id, m)
    limit 1;
    if found then
        raise exception using errcode = 'ZND01', message = 'mídia não encontrada', column = 'midiaIds';
    end if;
    delete from public.respostas_rapidas_midias as x where x.cliente_id = p_cliente_id and x.resposta_id = p_resposta.id;
    insert into public.respostas_rapidas_midias (cliente_id, resposta_id, ordem, midia_id)
    select p_cliente_id, p_resposta.id, p.n, p.id from unnest(p_midias) with ordinality as p (id, n);
end
$$;
comment on function interno.resposta_midias_gravar(uuid, public.respostas_rapidas, uuid[]) is
'Troca os arquivos de uma resposta rápida por estes, na ordem dada; sem nenhum, ela precisa de um texto.
Erros: ZRV83 arquivos demais; ZRV84 nem texto nem arquivo; ZND01 mídia não encontrada.
Efeitos: respostas_rapidas_midias.
Desde: 0.3.0';
