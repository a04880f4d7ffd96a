/* pgmigrate-encoding: utf-8 */
create or replace function interno.aviso_modelo_categoria(
    p_cliente_id uuid, p_conexao_id uuid, p_conta text, p_valor jsonb, p_em timestamptz
) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    c_folga constant interval := '1 minute';
    v_categoria text := upper(p_valor ->> 'new_category');
    v_externo text := p_valor ->> 'message_template_id';
    r_modelo record;
begin
    -- a synchronisation since then knows better (a minute for the clocks)
    update public.modelos as m set categoria = v_categoria, categoria_em = p_em
    where m.cliente_id = p_cliente_id and m.conexao_id = p_conexao_id and m.id_externo = v_externo
        and m.categoria_em <= p_em and m.atualizado_em < p_em + c_folga and v_categoria in ('MARKETING', 'UTILITY', 'AUTHENTICATION')
    returning m.id, m.nome, old.categoria as antes into r_modelo;
    if found and r_modelo.antes <> v_categoria then
        perform interno.aviso_anotar(
            p_cliente_id, 'MODELO', r_modelo.id, p_conexao_id, 'CATEGORIA_MUDOU',
            format('O WhatsApp mudou a categoria do modelo %s de %s para %s', r_modelo.nome, r_modelo.antes, v_categoria)
                || case v_categoria when 'MARKETING' then ': quem recusou marketing deixa de recebê-lo' else '' end
        );
    end if;
end
$$;
comment on function interno.aviso_modelo_categoria(uuid, uuid, text, jsonb, timestamptz) is
'template_category_update: a categoria vale na próxima intenção de envio, que recusa marketing a quem o recusou.
Erros: nenhum.
Efeitos: modelos, ocorrencias, eventos.
Desde: 0.2.0';
