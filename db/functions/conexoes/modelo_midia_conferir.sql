/* pgmigrate-encoding: utf-8 */
create or replace function interno.modelo_midia_conferir(p_cliente_id uuid, p_especie text, p_midia_id uuid) returns void
language plpgsql stable security invoker set search_path = ''
as $$
declare
    v_midia public.midias;
begin
    select m.* into v_midia from public.midias as m
    where m.cliente_id = p_cliente_id and m.id = p_midia_id and m.status = 'DISPONIVEL';
    if not found or not interno.midia_citavel(p_cliente_id, v_midia) then
        raise exception using errcode = 'ZND01', column = 'midiaId', message = 'mídia não encontrada';
    end if;
    if v_midia.tipo <> p_especie then
        raise exception using errcode = 'ZRM06', column = 'midiaId', message = format('o cabeçalho do modelo pede %s', p_especie);
    end if;
end
$$;
comment on function interno.modelo_midia_conferir(uuid, text, uuid) is
'Confere que uma mídia existe, está disponível e é do tipo que o cabeçalho do modelo pede.
Erros: ZND01 mídia não encontrada; ZRM06 mídia de outro tipo.
Efeitos: nenhum.
Desde: 0.2.0';
