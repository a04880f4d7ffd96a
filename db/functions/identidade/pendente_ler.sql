/* pgmigrate-encoding: utf-8 */
create or replace function interno.pendente_ler(p_cliente_id uuid, p_pendente_hash bytea) returns public.logins
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_login public.logins;
begin
    perform interno.contexto_trabalho(p_cliente_id);
    select l.* into v_login
    from public.logins_pendentes as p
    join public.logins as l on l.cliente_id = p_cliente_id and l.usuario_id = p.usuario_id
    where p.cliente_id = p_cliente_id and p.segredo_hash = p_pendente_hash and p.expira_em > now()
        and p.senha_prova = sha256(convert_to(l.senha_hash, 'UTF8'))
    -- a password being changed waits, and then ends the session that this opens
    for share of l;
    if not found then
        raise exception using errcode = 'ZAI05', message = 'o tempo para dizer o código acabou: entre de novo';
    end if;
    if not exists (
        select from public.logins_pendentes as p
        join public.fatores as f on f.cliente_id = p_cliente_id and f.id = p.fator_id and f.usuario_id = p.usuario_id
        where p.cliente_id = p_cliente_id and p.segredo_hash = p_pendente_hash and f.ativado_em is not null
    ) then
        raise exception using errcode = 'ZAI06', message = 'o segundo fator desta conta mudou: entre de novo com a senha';
    end if;
    perform set_config('app.usuario_id', v_login.usuario_id::text, true);
    return v_login;
end
$$;
comment on function interno.pendente_ler(uuid, bytea) is
'De quem é uma entrada que só espera o código.
Erros: ZAI05 vencida, usada, desconhecida, ou a senha mudou; ZAI06 o segundo fator foi tirado ou trocado.
Efeitos: app.cliente_id e app.usuario_id, locais à transação.
Desde: 0.3.0';
