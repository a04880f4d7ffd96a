/* pgmigrate-encoding: utf-8 */
create or replace function interno.midia_citavel(p_cliente_id uuid, p_midia public.midias) returns boolean
language plpgsql stable security invoker set search_path = ''
as $$
begin
    -- one row per uploaded content: its id is told only to who has the very same file. What a person sent is their conversation's,
    -- and a worker repeats what somebody was let say
    return p_midia.origem = 'ENVIADA' or interno.usuario_corrente() is null or interno.midia_visivel(p_cliente_id, p_midia);
end
$$;
comment on function interno.midia_citavel(uuid, public.midias) is
'Se quem escreve pode mandar uma mídia: a que alguém da empresa subiu; a que uma pessoa mandou, só quem a vê.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
