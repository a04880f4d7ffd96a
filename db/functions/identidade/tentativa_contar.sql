/* pgmigrate-encoding: utf-8 */
create or replace function interno.tentativa_contar(p_chave text, p_limite integer) returns integer
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    c_janela constant interval := interval '15 minutes';
    v_agora timestamptz := clock_timestamp();
    v_bloqueada_ate timestamptz;
begin
    -- the row lock makes this atomic: of any number of parallel guesses exactly p_limite get through. What is refused is
    -- not counted, so nobody prolongs a block by insisting; from p_limite on, each failure doubles the wait
    insert into public.tentativas_login as t (chave, tentativas, janela_desde)
    values (sha256(convert_to(p_chave, 'UTF8')), 1, v_agora)
    on conflict (chave) do update set
        tentativas = case
            when t.bloqueada_ate > v_agora then t.tentativas
            when greatest(t.janela_desde, t.bloqueada_ate) < v_agora - c_janela then 1
            else t.tentativas + 1
        end,
        janela_desde = case
            when greatest(t.janela_desde, t.bloqueada_ate) < v_agora - c_janela then v_agora
            else t.janela_desde
        end,
        bloqueada_ate = case
            when t.bloqueada_ate > v_agora then t.bloqueada_ate
            when greatest(t.janela_desde, t.bloqueada_ate) < v_agora - c_janela or t.tentativas + 1 < p_limite then null
            else v_agora + least(c_janela, interval '1 minute' * power(2, least(t.tentativas + 1 - p_limite, 10)))
        end
    returning old.bloqueada_ate into v_bloqueada_ate;
    return coalesce(greatest(ceil(extract(epoch from v_bloqueada_ate - v_agora)), 0), 0)::integer;
end
$$;
comment on function interno.tentativa_contar(text, integer) is
'Conta uma tentativa sob a chave e diz quantos segundos esperar (0 = pode tentar).
Erros: nenhum.
Efeitos: tentativas_login.
Desde: 0.1.0';
