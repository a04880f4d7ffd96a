/* pgmigrate-encoding: utf-8 */
create or replace function api.campanha_andamento_obter(
    p_cliente_id uuid, p_sessao text, p_id uuid, p_agora timestamptz default now()
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    c_registro constant integer := 30;
    v_campanha jsonb;
    v_ritmo jsonb;
    v_faltam bigint;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'campanhas:ler');
    v_campanha := interno.campanha_json(p_cliente_id, p_id);
    v_ritmo := interno.campanha_ritmo(p_cliente_id, p_id, p_agora);
    v_faltam := (v_campanha #>> '{totais,PENDENTE}')::bigint + (v_campanha #>> '{totais,RESERVADO}')::bigint
        + (v_campanha #>> '{totais,ENVIANDO}')::bigint;
    return jsonb_build_object(
        'campanha', v_campanha,
        'ritmo', v_ritmo,
        -- nobody knows when a stopped number goes on
        'etaSegundos', case when v_campanha ->> 'status' = 'EM_ANDAMENTO' and not (v_ritmo -> 'porque') ? 'NUMERO_PARADO'
            then ceil(v_faltam / coalesce(nullif((v_ritmo ->> 'agora')::numeric, 0), (v_ritmo ->> 'possivel')::numeric)) end,
        'retornos', (
            select jsonb_object_agg(e.tipo, coalesce(t.total, 0))
            from unnest(array['RESPONDEU', 'SAIU']) as e (tipo)
            left join public.campanhas_totais as t
                on t.cliente_id = p_cliente_id and t.campanha_id = p_id and t.chave = e.tipo
        ),
        'motivos', interno.campanha_motivos_json(p_cliente_id, p_id),
        'conexao', (
            select jsonb_build_object('id', x.id, 'nome', x.nome, 'numero', x.numero_exibicao, 'status', x.status)
            from public.conexoes as x where x.cliente_id = p_cliente_id and x.id = (v_campanha ->> 'conexaoId')::uuid
        ),
        'modelo', (
            select jsonb_build_object('id', m.id, 'nome', m.nome, 'status', m.status, 'categoria', m.categoria)
            from public.modelos as m where m.cliente_id = p_cliente_id and m.id = (v_campanha ->> 'modeloId')::uuid
        ),
        'criadoPor', (
            select u.nome from public.usuarios as u where u.cliente_id = p_cliente_id and u.id = (v_campanha ->> 'criadoPor')::uuid
        ),
        'registro', interno.campanha_registro_json(p_cliente_id, p_id, c_registro)
    );
end
$$;
comment on function api.campanha_andamento_obter(uuid, text, uuid, timestamptz) is
'Uma campanha como quem a acompanha a vê: totais, ritmo de agora e por que não é maior, quanto falta (nulo com o número parado), quem respondeu e quem saiu, falhas por motivo e o que aconteceu até aqui. Custa o mesmo para qualquer tamanho de campanha.
Erros: ZNK01.
Efeitos: nenhum.
Desde: 0.3.0';
