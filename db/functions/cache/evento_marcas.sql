/* pgmigrate-encoding: utf-8 */
create or replace function interno.evento_marcas(p_tipo text, p_alvo_id uuid, p_conversa_id uuid, p_topicos text[]) returns text[]
language sql stable security invoker set search_path = ''
as $$
    select coalesce(
        (
            select t.namespaces || case
                when t.parte is null then '{}'
                when x.alvo_id is null or p_topicos is null then array[t.parte]
                when t.parte = 'contagem' then array(
                    select replace(m.marca, 'conversas:', 'contagem:') from unnest(array['conversas:lista'] || p_topicos) as m (marca)
                )
                else array[t.parte || ':lista', t.parte || ':' || x.alvo_id] || p_topicos
            end
            from public.eventos_tipos as t
            cross join lateral (select case t.alvo when 'ALVO' then p_alvo_id else p_conversa_id end as alvo_id) as x
            where t.tipo = p_tipo
        ),
        array['conversas', 'perfis', 'contatos', 'dashboard', 'relatorios']
    );
$$;
comment on function interno.evento_marcas(text, uuid, uuid, text[]) is
'As marcas do cache que um evento deixa velhas, como eventos_tipos diz; todas, se ela não conhece o tipo. As listas dependem dos tópicos do que mostram, e as contagens dos mesmos, em nome próprio: um evento deixa velhas só as de quem vê, ou via, o que mudou.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
