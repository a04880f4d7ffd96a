/* pgmigrate-encoding: utf-8 */
create or replace function plataforma.selados_ler(
    p_cliente_id uuid, p_tabela text, p_chave text, p_depois uuid default null, p_limite integer default 100
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_chave bytea := convert_to(p_chave, 'UTF8');
begin
    perform interno.contexto_trabalho(p_cliente_id);
    return (
        select coalesce(jsonb_agg(jsonb_build_object(
            'id', x.id, 'selado', translate(encode(x.selado, 'base64'), e'\n', '')
        ) order by x.id), '[]')
        from (
            select s.id, s.selado
            from (
                select c.id, c.credenciais as selado from public.conexoes as c
                where c.cliente_id = p_cliente_id and p_tabela = 'conexoes'
                union all
                select i.id, i.credenciais from public.inscricoes as i
                where i.cliente_id = p_cliente_id and p_tabela = 'inscricoes'
                union all
                select f.id, f.segredo from public.fatores as f
                where f.cliente_id = p_cliente_id and p_tabela = 'fatores'
            ) as s
            -- version, length of the key's name, its name: the head of what is sealed is no secret
            where substr(s.selado, 3, get_byte(s.selado, 1)) <> v_chave and (p_depois is null or s.id > p_depois)
            order by s.id
            limit least(greatest(coalesce(p_limite, 100), 1), 500)
        ) as x
    );
end
$$;
comment on function plataforma.selados_ler(uuid, text, text, uuid, integer) is
'O que um cliente tem selado, numa tabela (conexoes, inscricoes, fatores), por outra chave do anel que não esta; por id, a partir de p_depois.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
