/* pgmigrate-encoding: utf-8 */
create or replace function api.campanha_previa_obter(
    p_cliente_id uuid, p_sessao text, p_id uuid, p_variaveis jsonb default null, p_pessoa integer default 1
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    c_pessoas constant integer := 20;
    v_modelo_id uuid;
    v_ids uuid[];
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'campanhas:gerir');
    select k.modelo_id into v_modelo_id from public.campanhas as k where k.cliente_id = p_cliente_id and k.id = p_id;
    if not found then
        raise exception using errcode = 'ZNK01', message = 'campanha não encontrada';
    end if;
    perform interno.campanha_completa_conferir(p_cliente_id, p_id);
    if p_variaveis is not null then
        p_variaveis := interno.variaveis_conferir(p_cliente_id, v_modelo_id, p_variaveis);
    end if;
    v_ids := array(
        select c.id
        from public.contatos as c
        where c.cliente_id = p_cliente_id and interno.visivel(p_cliente_id, c.responsavel_id, c.equipe_id)
            and c.id in (select interno.campanha_contatos(p_cliente_id, p_id))
        order by c.id
        limit c_pessoas
    );
    return jsonb_build_object('pessoas', cardinality(v_ids)) || coalesce((
        select jsonb_build_object(
            'pessoa', x.n, 'contatoId', a.contato_id, 'nome', c.nome, 'telefone', a.telefone, 'motivo', a.motivo, 'parametros', a.parametros
        )
        from (select least(greatest(p_pessoa, 1), cardinality(v_ids)) as n) as x
        cross join lateral interno.campanha_avaliar(p_cliente_id, p_id, v_ids[x.n:x.n], p_variaveis) as a
        join public.contatos as c on c.cliente_id = p_cliente_id and c.id = a.contato_id
    ), jsonb_build_object('pessoa', 0, 'contatoId', null, 'nome', null, 'telefone', null, 'motivo', null, 'parametros', '{}'::jsonb));
end
$$;
comment on function api.campanha_previa_obter(uuid, text, uuid, jsonb, integer) is
'O que a pessoa de número p_pessoa (das primeiras 20 do público) receberia: os parâmetros já preenchidos, ou por que não recebe. p_variaveis: as que alguém está escrevendo, ainda não guardadas.
Erros: ZNK01; ZRK16 rascunho sem modelo; ZRK02, ZRK03, ZRK12, ZRK14, ZRM01, ZRM06 e ZND01 variáveis.
Efeitos: nenhum.
Desde: 0.3.0';
