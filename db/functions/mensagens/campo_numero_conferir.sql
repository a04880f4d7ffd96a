/* pgmigrate-encoding: utf-8 */
create or replace function interno.campo_numero_conferir(p_objeto jsonb, p_chave text, p_minimo integer, p_maximo integer, p_campo text) returns void
language plpgsql immutable security invoker set search_path = ''
as $$
begin
    if jsonb_typeof(p_objeto -> p_chave) is distinct from 'number' or (p_objeto -> p_chave)::numeric not between p_minimo and p_maximo then
        raise exception using errcode = 'ZRV09', message = format('este campo precisa ser um número de %s a %s', p_minimo, p_maximo), column = p_campo || '.' || p_chave;
    end if;
end
$$;
comment on function interno.campo_numero_conferir(jsonb, text, integer, integer, text) is
'Confere um número do conteúdo dentro da faixa aceita.
Erros: ZRV09.
Efeitos: nenhum
Desde: 0.2.0';
