/* pgmigrate-encoding: utf-8 */
create or replace function interno.conteudo_contatos_conferir(p_cliente_id uuid, p_conteudo jsonb) returns void
language plpgsql stable security invoker set search_path = ''
as $$
declare
    r_parte record;
begin
    perform interno.campo_chaves_conferir(p_conteudo, array['contatos'], 'conteudo'),
        interno.campo_lista_conferir(p_conteudo, 'contatos', 1, 257, 'conteudo');
    for r_parte in select k.value as valor, 'conteudo.contatos.' || (k.n - 1) as campo
        from jsonb_array_elements(p_conteudo -> 'contatos') with ordinality as k (value, n) order by k.n
    loop
        perform interno.campo_chaves_conferir(r_parte.valor, array[
                'nome', 'primeiroNome', 'sobrenome', 'telefones', 'emails', 'organizacao', 'urls', 'aniversario'
            ], r_parte.campo),
            interno.campo_texto_conferir(r_parte.valor, 'nome', 200, r_parte.campo),
            interno.campo_texto_conferir(r_parte.valor, 'primeiroNome', 200, r_parte.campo, false),
            interno.campo_texto_conferir(r_parte.valor, 'sobrenome', 200, r_parte.campo, false),
            interno.campo_texto_conferir(r_parte.valor, 'organizacao', 200, r_parte.campo, false),
            interno.campo_lista_conferir(r_parte.valor, 'telefones', 1, 20, r_parte.campo),
            interno.campo_itens_conferir(r_parte.valor, 'telefones', array['telefone', 'tipo', 'waId'], r_parte.campo),
            interno.campo_itens_conferir(r_parte.valor, 'emails', array['email', 'tipo'], r_parte.campo),
            interno.campo_itens_conferir(r_parte.valor, 'urls', array['url', 'tipo'], r_parte.campo);
        if exists (
            select from jsonb_array_elements(r_parte.valor -> 'telefones') as t (value)
            where coalesce(t.value ->> 'telefone', '') !~ '^\+?[0-9][0-9 ().-]{6,23}$'
        ) then
            raise exception using errcode = 'ZRV28', message = 'telefone inválido', column = r_parte.campo || '.telefones';
        end if;
        if r_parte.valor ? 'aniversario' and (
            coalesce(r_parte.valor ->> 'aniversario', '') !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'
            or not pg_input_is_valid(r_parte.valor ->> 'aniversario', 'date')
        ) then
            raise exception using errcode = 'ZRV17', message = 'a data precisa ter a forma AAAA-MM-DD', column = r_parte.campo || '.aniversario';
        end if;
    end loop;
end
$$;
comment on function interno.conteudo_contatos_conferir(uuid, jsonb) is
'Confere o conteúdo de CONTATOS {contatos: [{nome, primeiroNome?, sobrenome?, telefones: [{telefone, tipo?, waId?}], emails?, organizacao?, urls?, aniversario?}]}: de 1 a 257, cada um com nome e telefone.
Erros: ZRV01 a ZRV06; ZRV17; ZRV28.
Efeitos: nenhum.
Desde: 0.2.0';
