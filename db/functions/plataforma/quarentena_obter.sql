/* pgmigrate-encoding: utf-8 */
create or replace function plataforma.quarentena_obter(p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_linha public.webhooks_quarentena;
begin
    update public.webhooks_quarentena as q set vista_em = v_agora where q.id = p_id returning q.* into v_linha;
    if not found then
        raise exception using errcode = 'ZNW02', message = 'corpo não encontrado na quarentena';
    end if;
    return jsonb_build_object(
        'id', v_linha.id, 'motivo', v_linha.motivo, 'recebidoEm', v_linha.recebido_em, 'corpoBase64', encode(v_linha.corpo, 'base64')
    );
end
$$;
comment on function plataforma.quarentena_obter(uuid) is
'Um corpo em quarentena, inteiro: pode trazer dados pessoais, e por isso fica marcado quando foi lido.
Erros: ZNW02 corpo não encontrado.
Efeitos: webhooks_quarentena.
Desde: 0.3.0';
