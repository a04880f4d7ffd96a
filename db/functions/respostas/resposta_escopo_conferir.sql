/* pgmigrate-encoding: utf-8 */
create or replace function interno.resposta_escopo_conferir(p_cliente_id uuid, p_escopo text) returns void
language plpgsql stable security invoker set search_path = ''
as $$
begin
    if p_escopo is distinct from 'PESSOAL' and not interno.usuario_pode(p_cliente_id, interno.usuario_corrente(), 'respostas:gerir') then
        raise exception using errcode = 'ZPG01', message = 'você não tem permissão para isto', detail = 'respostas:gerir';
    end if;
end
$$;
comment on function interno.resposta_escopo_conferir(uuid, text) is
'Mexer em respostas de equipe ou de todos pede a permissão respostas:gerir.
Erros: ZPG01.
Efeitos: nenhum.
Desde: 0.3.0';
