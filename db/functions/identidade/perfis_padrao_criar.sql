/* pgmigrate-encoding: utf-8 */
create or replace function interno.perfis_padrao_criar(p_cliente_id uuid) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    insert into public.perfis (cliente_id, codigo, nome, visibilidade) values
    (p_cliente_id, 'ADMINISTRADOR', 'Administrador', 'TODAS'),
    (p_cliente_id, 'SUPERVISOR', 'Supervisor', 'EQUIPE'),
    (p_cliente_id, 'ATENDENTE', 'Atendente', 'PROPRIA');
    insert into public.perfis_permissoes (cliente_id, perfil_id, permissao)
    select p_cliente_id, p.id, pm.codigo
    from public.perfis as p
    cross join public.permissoes as pm
    where p.cliente_id = p_cliente_id and not pm.da_plataforma and not pm.implicita
        and case p.codigo
            when 'ADMINISTRADOR' then true
            when 'SUPERVISOR' then pm.codigo not in ('usuarios:gerir', 'perfis:gerir', 'conexoes:gerir', 'contatos:remover', 'empresa:gerir')
            else pm.codigo in (
                'contatos:ler', 'contatos:gerir', 'etiquetas:ler', 'modelos:ler', 'equipes:ler', 'conversas:ler', 'conversas:responder'
            )
        end;
end
$$;
comment on function interno.perfis_padrao_criar(uuid) is
'Cria os perfis que todo cliente tem, com suas permissões.
Erros: 23505 quando já existem.
Efeitos: perfis, perfis_permissoes.
Desde: 0.1.0';
