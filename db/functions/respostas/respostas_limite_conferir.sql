/* pgmigrate-encoding: utf-8 */
create or replace function interno.respostas_limite_conferir(p_cliente_id uuid, p_resposta public.respostas_rapidas) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    c_pessoais constant integer := 500;
    c_comuns constant integer := 3000;
    v_total bigint;
    v_maximo integer;
begin
    perform pg_advisory_xact_lock(hashtextextended('respostas:' || p_cliente_id, 0));
    if p_resposta.escopo = 'PESSOAL' then
        v_maximo := c_pessoais;
        select count(*) into v_total from public.respostas_rapidas as r
        where r.cliente_id = p_cliente_id and r.usuario_id = p_resposta.usuario_id;
    else
        v_maximo := c_comuns;
        select count(*) into v_total from public.respostas_rapidas as r
        where r.cliente_id = p_cliente_id and r.escopo in ('TODOS', 'EQUIPE');
    end if;
    if v_total > v_maximo then
        raise exception using errcode = 'ZLV80', message = format('são aceitas até %s respostas rápidas', v_maximo);
    end if;
end
$$;
comment on function interno.respostas_limite_conferir(uuid, public.respostas_rapidas) is
'A busca lê todas as respostas que uma pessoa vê: até 500 suas e 3.000 comuns à empresa.
Erros: ZLV80.
Efeitos: trava a contagem de respostas do cliente.
Desde: 0.3.0';
