/* pgmigrate-encoding: utf-8 */
create or replace function api.oferta_obter(p_cliente_id uuid, p_sessao text) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_eu uuid;
    v_agora timestamptz := clock_timestamp();
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    v_eu := interno.usuario_corrente();
    return (
        select jsonb_build_object(
            'oferta', (
                select jsonb_build_object(
                    'id', o.id, 'conversaId', v.id, 'nome', c.nome, 'equipe', e.nome, 'esperaDesde', v.espera_em,
                    'esperaSegundos', greatest(0, floor(extract(epoch from v_agora - v.espera_em)))::integer,
                    'segundos', round(extract(epoch from o.expira_em - o.oferecida_em))::integer, 'expiraEm', o.expira_em,
                    'restamMs', floor(extract(epoch from o.expira_em - v_agora) * 1000)::integer
                )
                from public.ofertas as o
                join public.conversas as v on v.cliente_id = p_cliente_id and v.id = o.conversa_id
                join public.contatos as c on c.cliente_id = p_cliente_id and c.id = v.contato_id
                join public.equipes as e on e.cliente_id = p_cliente_id and e.id = v.equipe_id
                where o.cliente_id = p_cliente_id and o.usuario_id = v_eu and o.fim is null and o.expira_em > v_agora
            ),
            'disponibilidade', u.disponibilidade, 'disponibilidadeMotivo', u.disponibilidade_motivo
        )
        from public.usuarios as u where u.cliente_id = p_cliente_id and u.id = v_eu
    );
end
$$;
comment on function api.oferta_obter(uuid, text) is
'A conversa que a fila oferece agora a quem pede (oferta é nula quando nenhuma), quanto falta pelo relógio do banco, e se quem pede está disponível.
Erros: ZAG01 sessão inválida; ZPG01 sem permissão.
Efeitos: nenhum.
Desde: 0.3.0';
