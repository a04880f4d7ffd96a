/* pgmigrate-encoding: utf-8 */
create or replace function api.contato_fundir(
    p_cliente_id uuid, p_sessao text, p_id uuid, p_outro_id uuid, p_versao integer default null, p_chave_idempotencia text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_resposta jsonb;
    v_id uuid;
    v_fusao public.contatos_fusoes;
    v_contato public.contatos;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'contatos:fundir');
    v_resposta := interno.idempotencia_abrir(p_cliente_id, 'contato_fundir', p_chave_idempotencia, jsonb_build_array(p_id, p_outro_id));
    if v_resposta is not null then
        return v_resposta;
    end if;
    if p_id = p_outro_id then
        raise exception using errcode = '22023', message = 'escolha dois contatos diferentes', column = 'outroId';
    end if;
    perform interno.contatos_travar(p_cliente_id, array[p_id, p_outro_id]);
    perform interno.contato_travar(p_cliente_id, p_id, p_versao), interno.contato_travar(p_cliente_id, p_outro_id);
    v_id := interno.contatos_fundir(p_cliente_id, p_outro_id, p_id, 'PESSOA');
    select f.* into v_fusao from public.contatos_fusoes as f where f.cliente_id = p_cliente_id and f.id = v_id;
    select c.* into v_contato from public.contatos as c where c.cliente_id = p_cliente_id and c.id = p_id;
    return interno.idempotencia_fechar(p_cliente_id, 'contato_fundir', p_chave_idempotencia, jsonb_build_object(
        'fusao', interno.fusao_json(v_fusao), 'contato', interno.contato_json(v_contato)
    ));
end
$$;
comment on function api.contato_fundir(uuid, text, uuid, uuid, integer, text) is
'Junta um contato (p_outro_id) a este, por decisão de alguém: conversas, histórico, etiquetas e identidades passam para cá. Pode ser desfeito.
Erros: ZNC01 contato não encontrado; ZCG02 versão antiga; ZCG03 chave usada com outro pedido; 22023 o mesmo contato duas vezes.
Efeitos: os de contatos_fundir; chaves_idempotencia.
Desde: 0.3.0';
