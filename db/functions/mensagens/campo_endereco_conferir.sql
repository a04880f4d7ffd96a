/* pgmigrate-encoding: utf-8 */
create or replace function interno.campo_endereco_conferir(p_objeto jsonb, p_chave text, p_campo text, p_obrigatorio boolean default true) returns void
language plpgsql immutable security invoker set search_path = ''
as $$
begin
    perform interno.campo_texto_conferir(p_objeto, p_chave, 2000, p_campo, p_obrigatorio);
    -- no user, no blanks, and a name with a top level of letters: neither an address of a machine nor one of this network
    if p_objeto ->> p_chave !~* '^https://([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])(:[0-9]{1,5})?([/?#][^[:space:][:cntrl:]]*)?$'
        or p_objeto ->> p_chave ~* '^https://[^/?#]*\.(local|localhost|internal|lan)(:[0-9]+)?([/?#]|$)'
    then
        raise exception using errcode = 'ZRV08', message = 'o endereço precisa ser https e de um domínio, não de um IP', column = p_campo || '.' || p_chave;
    end if;
end
$$;
comment on function interno.campo_endereco_conferir(jsonb, text, text, boolean) is
'Confere um endereço da web: https, de um domínio (não um IP), sem usuário nem espaços.
Erros: ZRV03 falta; ZRV04 não é texto; ZRV05 longo demais; ZRV08.
Efeitos: nenhum
Desde: 0.2.0';
