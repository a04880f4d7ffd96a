/* pgmigrate-encoding: utf-8 */
create or replace function worker.leitura_obter(p_cliente_id uuid, p_conexao_id uuid, p_alvo_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_trabalho(p_cliente_id);
    return (
        select jsonb_build_object('idExterno', m.id_externo)
        from public.mensagens as m
        where m.cliente_id = p_cliente_id and m.conexao_id = p_conexao_id and m.id = p_alvo_id
            and m.direcao = 'ENTRADA' and m.id_externo is not null
    );
end
$$;
comment on function worker.leitura_obter(uuid, uuid, uuid) is
'A mensagem recebida que se marca como lida, ou diante da qual se mostra que alguém digita, pelo id que o provedor lhe deu; nulo quando não há o que marcar.
Erros: 42501 sem cliente.
Efeitos: nenhum.
Desde: 0.2.0';
