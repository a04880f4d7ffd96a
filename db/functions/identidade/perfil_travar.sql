/* pgmigrate-encoding: utf-8 */
create or replace function interno.perfil_travar(p_cliente_id uuid, p_id uuid, p_versao integer) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    r_perfil record;
begin
    select p.codigo, p.versao into r_perfil from public.perfis as p
    where p.cliente_id = p_cliente_id and p.id = p_id
    for update;
    if not found then
        raise exception using errcode = 'ZNI03', message = 'perfil não encontrado';
    end if;
    if r_perfil.codigo is not null then
        raise exception using errcode = 'ZRI02', message = 'os perfis que vêm com a conta não mudam: crie um perfil próprio';
    end if;
    perform interno.versao_conferir(r_perfil.versao, p_versao), interno.perfil_alcance_conferir(p_cliente_id, p_id);
end
$$;
comment on function interno.perfil_travar(uuid, uuid, integer) is
'Trava um perfil para mudança, se é próprio do cliente, a versão é a lida e ele não é maior que o de quem age.
Erros: ZNI03 perfil não encontrado; ZRI02 perfil padrão; ZCG02 versão antiga; ZPI01 acesso maior que o próprio.
Efeitos: trava a linha.
Desde: 0.1.0';
