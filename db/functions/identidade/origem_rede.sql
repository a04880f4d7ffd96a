/* pgmigrate-encoding: utf-8 */
create or replace function interno.origem_rede(p_origem inet) returns text
language sql immutable security invoker parallel safe
begin atomic
    -- one subscriber holds a whole IPv6 /64: counting single addresses would count nothing
    select coalesce(network(set_masklen(p_origem, case family(p_origem) when 6 then 64 else 32 end))::text, 'desconhecida');
end;
comment on function interno.origem_rede(inet) is
'A rede que conta como uma só origem de tentativas: o endereço IPv4 ou o /64 IPv6.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.1.0';
