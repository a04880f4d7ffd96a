/* pgmigrate-encoding: utf-8 */
create or replace function interno.campanha_disparo_conferir(p_cliente_id uuid, p_campanha_id uuid) returns void
language plpgsql stable security invoker set search_path = ''
as $$
declare
    r_campanha record;
begin
    perform interno.campanha_completa_conferir(p_cliente_id, p_campanha_id);
    select x.status as conexao_status, m.status as modelo_status, k.variaveis, m.componentes into strict r_campanha
    from public.campanhas as k
    join public.conexoes as x on x.cliente_id = p_cliente_id and x.id = k.conexao_id
    join public.modelos as m on m.cliente_id = p_cliente_id and m.id = k.modelo_id
    where k.cliente_id = p_cliente_id and k.id = p_campanha_id;
    if r_campanha.conexao_status <> 'ATIVA' then
        raise exception using errcode = 'ZRK04', column = 'conexaoId', message = 'a conexão não está ativa';
    end if;
    if r_campanha.modelo_status <> 'APPROVED' then
        raise exception using errcode = 'ZRK05', column = 'modeloId', message = 'o modelo não está aprovado';
    end if;
    -- the template may have been approved anew since the campaign was written
    if exists (
        select from interno.modelo_campos(r_campanha.componentes) as c
        full join jsonb_object_keys(r_campanha.variaveis) as v (chave) on v.chave = c.chave
        where c.chave is null or (v.chave is null and c.obrigatoria)
    ) then
        raise exception using errcode = 'ZRK15', column = 'variaveis',
            message = 'o modelo mudou desde que a campanha foi escrita: confira as variáveis';
    end if;
end
$$;
comment on function interno.campanha_disparo_conferir(uuid, uuid) is
'Confere que a conexão está ativa, o modelo aprovado e as variáveis são as que ele pede hoje.
Erros: ZRK04; ZRK05; ZRK15 o modelo mudou; ZRK16 falta o número ou o modelo; ZRK02 falta uma variável.
Efeitos: nenhum.
Desde: 0.1.0';
