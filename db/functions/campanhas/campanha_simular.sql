/* pgmigrate-encoding: utf-8 */
create or replace function api.campanha_simular(p_cliente_id uuid, p_sessao text, p_id uuid, p_amostra integer default 5) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'campanhas:gerir');
    return interno.campanha_simulacao(p_cliente_id, p_id, p_amostra);
end
$$;
comment on function api.campanha_simular(uuid, text, uuid, integer) is
'O que aconteceria ao iniciar agora: quem vai, quem é pulado e por quê, ritmo, duração prevista (segundos), quantas pessoas por dia, textos de exemplo e um resumo (hash) do plano. Usa a mesma avaliação do disparo.
Erros: ZNK01; ZRK02 e ZRK16 rascunho incompleto.
Efeitos: nenhum.
Desde: 0.1.0';
