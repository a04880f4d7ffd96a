/* pgmigrate-encoding: utf-8 */
create or replace function interno.fator_selado(p_cliente_id uuid, p_usuario_id uuid, p_ativo boolean) returns jsonb
language sql stable security invoker set search_path = ''
as $$
    select jsonb_build_object(
        'id', f.id, 'segredo', translate(encode(f.segredo, 'base64'), e'\n', ''), 'passo', interno.fator_passo()
    )
    from public.fatores as f
    where f.cliente_id = p_cliente_id and f.usuario_id = p_usuario_id
        and case when p_ativo then f.ativado_em is not null
            else f.ativado_em is null and f.criado_em > now() - interval '15 minutes' end;
$$;
comment on function interno.fator_selado(uuid, uuid, boolean) is
'O segredo, ainda cifrado, com que a borda confere um código, e o passo de agora; nulo: não há. p_ativo falso: o que ainda espera o primeiro código, por 15 minutos.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
