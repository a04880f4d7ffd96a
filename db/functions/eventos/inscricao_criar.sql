/* pgmigrate-encoding: utf-8 */
create or replace function api.inscricao_criar(
    p_cliente_id uuid, p_sessao text, p_id uuid, p_endereco_hash bytea, p_credenciais bytea
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    c_maximo constant integer := 10;
    v_eu uuid;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:ler');
    v_eu := interno.usuario_corrente();
    -- one at a time: of two that come together each would count without the other
    perform from public.usuarios as u where u.cliente_id = p_cliente_id and u.id = v_eu for no key update;
    -- the id is part of the seal, so one that comes again takes the place of what it was
    delete from public.inscricoes as i where i.cliente_id = p_cliente_id and i.endereco_hash = p_endereco_hash;
    insert into public.inscricoes (cliente_id, id, usuario_id, sessao_id, endereco_hash, credenciais)
    values (p_cliente_id, p_id, v_eu, current_setting('app.sessao_id')::uuid, p_endereco_hash, p_credenciais);
    delete from public.inscricoes as i
    where i.cliente_id = p_cliente_id and i.id in (
        select x.id from public.inscricoes as x
        where x.cliente_id = p_cliente_id and x.usuario_id = v_eu
        order by x.criado_em desc, x.id desc
        offset c_maximo
    );
    return jsonb_build_object('id', p_id);
end
$$;
comment on function api.inscricao_criar(uuid, text, uuid, bytea, bytea) is
'Inscreve este navegador para receber avisos com o Balcão fechado, enquanto durar a sessão de quem pede. O mesmo endereço, de novo, é de quem pediu por último; além de 10 por pessoa, as mais antigas acabam.
Erros: ZAG01 sessão inválida; ZPG01 sem permissão; 23514 valor fora da regra.
Efeitos: inscricoes.
Desde: 0.3.0';
