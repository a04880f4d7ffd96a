/* pgmigrate-encoding: utf-8 */
create or replace function interno.instancia_conferir(p_cliente_id uuid, p_conexao_id uuid) returns public.conexoes
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_conexao public.conexoes;
    v_motivo text;
begin
    select case
            when i.status = 'DESCONECTADA' then 'O aparelho está desconectado: conecte-o de novo'
            when i.status = 'CONECTANDO' then 'O aparelho está se conectando'
            when i.status = 'HIBERNADA' then 'O aparelho está hibernado no servidor'
            when x.numero_id_externo is null then 'O número deste aparelho já está em outra conexão'
        end into v_motivo
    from public.conexoes_instancias as i
    join public.conexoes as x on x.cliente_id = p_cliente_id and x.id = i.conexao_id
    where i.cliente_id = p_cliente_id and i.conexao_id = p_conexao_id;
    if not found then
        return null;
    end if;
    -- a person's pause stays: only what a loss of the device stopped comes back with it
    update public.conexoes as x
    set status = case when v_motivo is null then 'ATIVA' else 'ERRO' end, status_motivo = left(v_motivo, 300),
        suspensa_ate = null, falhas_seguidas = 0
    where x.cliente_id = p_cliente_id and x.id = p_conexao_id
        and ((v_motivo is null and x.status = 'ERRO') or (v_motivo is not null and x.status = 'ATIVA'))
    returning x.* into v_conexao;
    if found then
        perform interno.ocorrencia_registrar(
            p_cliente_id, 'CONEXAO', p_conexao_id, p_conexao_id,
            case when v_motivo is null then 'APARELHO_RECONECTADO' else 'APARELHO_PERDIDO' end, null,
            coalesce(v_motivo || ': os envios esperam', 'O aparelho está conectado: os envios continuam')
        );
        perform interno.avisar(p_cliente_id, 'conexao_mudou', p_conexao_id);
        return v_conexao;
    end if;
    update public.conexoes as x set status_motivo = left(v_motivo, 300)
    where x.cliente_id = p_cliente_id and x.id = p_conexao_id and x.status = 'ERRO' and x.status_motivo is distinct from left(v_motivo, 300);
    select x.* into v_conexao from public.conexoes as x where x.cliente_id = p_cliente_id and x.id = p_conexao_id;
    return v_conexao;
end
$$;
comment on function interno.instancia_conferir(uuid, uuid) is
'Põe em ERRO a conexão ativa cujo aparelho não está conectado, e de volta em ATIVA a que estava em ERRO e cujo aparelho está; a pausa de uma pessoa fica. Nulo quando a conexão não é de um aparelho.
Erros: nenhum.
Efeitos: conexoes, ocorrencias, eventos.
Desde: 0.2.0';
