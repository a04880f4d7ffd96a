/* pgmigrate-encoding: utf-8 */
create or replace function api.disponibilidade_atualizar(
    p_cliente_id uuid, p_sessao text, p_disponibilidade text, p_motivo text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_usuario_id uuid;
    v_agora timestamptz := clock_timestamp();
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    v_usuario_id := interno.usuario_corrente();
    update public.usuarios as u set
        disponibilidade = p_disponibilidade, disponibilidade_motivo = nullif(btrim(p_motivo), ''),
        disponibilidade_em = case when u.disponibilidade = p_disponibilidade then u.disponibilidade_em else v_agora end
    where u.cliente_id = p_cliente_id and u.id = v_usuario_id;
    return interno.atendimento_json(p_cliente_id, v_usuario_id);
end
$$;
comment on function api.disponibilidade_atualizar(uuid, text, text, text) is
'Diz se quem pede recebe conversas da fila: DISPONIVEL, PAUSA (guarda as suas, e nada mais lhe é oferecido) ou AUSENTE (o que esperava por ela vai já à fila).
Erros: ZAG01 sessão inválida; ZPG01 sem permissão; 23514 disponibilidade desconhecida ou motivo longo demais; 23502 ausente.
Efeitos: usuarios, conversas, ofertas, fila, eventos.
Desde: 0.3.0';
