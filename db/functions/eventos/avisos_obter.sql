/* pgmigrate-encoding: utf-8 */
create or replace function api.avisos_obter(p_cliente_id uuid, p_sessao text, p_conversas uuid[] default null) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    c_maximo constant integer := 50;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:ler');
    if cardinality(p_conversas) > c_maximo then
        raise exception using errcode = '22023', message = 'informe até 50 conversas', column = 'conversas';
    end if;
    return interno.avisos_json(p_cliente_id, p_conversas);
end
$$;
comment on function api.avisos_obter(uuid, text, uuid[]) is
'De que avisar agora quem pede, e como (interno.avisos_json); de conversa nenhuma (lista vazia), só menções e prazos; chave distingue o que já foi dito.
Erros: ZAG01 sessão inválida; ZPG01 sem permissão; 22023 conversas demais.
Efeitos: nenhum.
Desde: 0.3.0';
