/* pgmigrate-encoding: utf-8 */
create or replace function interno.telefone_formas(p_telefone text) returns text[]
language sql immutable security invoker parallel safe
begin atomic
    -- statistics of the network, not a rule: newer area codes and newer ranges were born with the ninth digit
    select case
        when d.digitos !~ '^55[0-9]{2}9[0-9]{8}$' then array[d.digitos]
        when substr(d.digitos, 3, 2)::integer < 31 or substr(d.digitos, 6, 1) < '7'
            then array[d.digitos, left(d.digitos, 4) || substr(d.digitos, 6)]
        else array[left(d.digitos, 4) || substr(d.digitos, 6), d.digitos]
    end
    from (select ltrim(p_telefone, '+') as digitos) as d;
end;
comment on function interno.telefone_formas(text) is
'Os dígitos pelos quais o WhatsApp pode conhecer um telefone canônico, o mais provável primeiro: celular brasileiro com e sem o nono dígito.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
