/* pgmigrate-encoding: utf-8 */
create or replace function interno.conversa_agir(p_cliente_id uuid, p_id uuid, p_acao text, p_dados jsonb) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_conversa public.conversas := interno.conversa_travar(p_cliente_id, p_id);
    v_adicionar uuid[] := array(select e.value::uuid from jsonb_array_elements_text(p_dados -> 'adicionar') as e);
    v_remover uuid[] := array(select e.value::uuid from jsonb_array_elements_text(p_dados -> 'remover') as e);
begin
    case p_acao
        when 'ATRIBUIR' then
            v_conversa := interno.conversa_entregar(
                p_cliente_id, v_conversa, (p_dados ->> 'usuarioId')::uuid, (p_dados ->> 'equipeId')::uuid, p_dados ->> 'observacao'
            );
        when 'ETIQUETAR' then
            v_conversa := interno.conversa_etiquetas_mudar(p_cliente_id, v_conversa, v_adicionar, v_remover);
        when 'ADIAR' then
            v_conversa := interno.conversa_adiar_ate(p_cliente_id, v_conversa, (p_dados ->> 'ate')::timestamptz);
        when 'RESOLVER' then
            v_conversa := interno.conversa_resolver_por(
                p_cliente_id, v_conversa, (p_dados ->> 'motivoId')::uuid, p_dados ->> 'observacao'
            );
        when 'PRIORIZAR' then
            v_conversa.prioridade := p_dados ->> 'prioridade';
            v_conversa := interno.conversa_gravar(p_cliente_id, v_conversa);
    end case;
end
$$;
comment on function interno.conversa_agir(uuid, uuid, text, jsonb) is
'Uma ação em massa, sobre uma conversa.
Erros: os da ação; 20000 ação desconhecida.
Efeitos: os da ação.
Desde: 0.3.0';
