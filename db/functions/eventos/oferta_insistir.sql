/* pgmigrate-encoding: utf-8 */
create or replace function interno.oferta_insistir(p_cliente_id uuid, p_usuario_id uuid) returns timestamptz
language sql stable security invoker set search_path = ''
as $$
    select o.oferecida_em + (o.expira_em - o.oferecida_em) / 3
    from public.ofertas as o
    where o.cliente_id = p_cliente_id and o.usuario_id = p_usuario_id and o.fim is null and o.expira_em > now();
$$;
comment on function interno.oferta_insistir(uuid, uuid) is
'Quando dizer a quem parece diante do Balcão, também por push, o que a fila lhe oferece: quem não respondeu no primeiro terço talvez tenha saído. Nulo quando nada é oferecido.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
