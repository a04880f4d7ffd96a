/* pgmigrate-encoding: utf-8 */
create or replace function interno.conversas_calar(p_cliente_id uuid, p_conversas uuid[]) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    update public.conversas as v set controle = 'FILA'
    where v.cliente_id = p_cliente_id and v.id = any (p_conversas) and v.controle = 'BOT';
end
$$;
comment on function interno.conversas_calar(uuid, uuid[]) is
'Alguém da empresa escreveu pelo aparelho: o robô perde a palavra nestas conversas.
Erros: nenhum.
Efeitos: conversas.
Desde: 0.3.0';
