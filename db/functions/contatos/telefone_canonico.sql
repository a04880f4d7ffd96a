/* pgmigrate-encoding: utf-8 */
create or replace function interno.telefone_canonico(p_texto text) returns text
language sql immutable security invoker parallel safe
begin atomic
    select case
        when d.digitos ~ '^55(1[1-9]|2[12478]|3[1-578]|4[1-9]|5[1345]|6[1-9]|7[134579]|8[1-9]|9[1-9])(9[0-9]{8}|[2-5][0-9]{7})$'
            then '+' || d.digitos
        -- an account older than the ninth digit
        when d.digitos ~ '^55(1[1-9]|2[12478]|3[1-578]|4[1-9]|5[1345]|6[1-9]|7[134579]|8[1-9]|9[1-9])[6-9][0-9]{7}$'
            then '+' || left(d.digitos, 4) || '9' || substr(d.digitos, 5)
        when d.digitos !~ '^55' and d.digitos ~ '^[1-9][0-9]{7,14}$' then '+' || d.digitos
    end
    from (select regexp_replace(p_texto, '[^0-9]', '', 'g') as digitos) as d;
end;
comment on function interno.telefone_canonico(text) is
'Telefone canônico (E.164; no Brasil, celular com o nono dígito e fixo como é) de um número que já traz o país, como os provedores o dizem; nulo quando não é um.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
