/* pgmigrate-encoding: utf-8 */
create or replace function interno.conversa_resolver_por(
    p_cliente_id uuid, p_conversa public.conversas, p_motivo_id uuid, p_observacao text
) returns public.conversas
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    r_motivo record;
begin
    perform interno.conversa_alheia_conferir(p_cliente_id, p_conversa);
    if p_motivo_id is null then
        raise exception using errcode = 'ZRV63', message = 'uma conversa se resolve com um motivo', column = 'motivoId';
    elsif p_conversa.status = 'RESOLVIDA' then
        raise exception using errcode = 'ZCV22', message = 'a conversa já está assim';
    end if;
    select m.nome, m.ativo into r_motivo
    from public.motivos_resolucao as m where m.cliente_id = p_cliente_id and m.id = p_motivo_id for share;
    if not found then
        raise exception using errcode = 'ZNV20', message = 'motivo de resolução não encontrado', column = 'motivoId';
    elsif not r_motivo.ativo then
        raise exception using errcode = 'ZRV72', message = 'este motivo está desativado', column = 'motivoId';
    end if;
    p_conversa.status := 'RESOLVIDA';
    p_conversa.motivo_id := p_motivo_id;
    return interno.conversa_gravar(p_cliente_id, p_conversa, r_motivo.nome || coalesce(': ' || nullif(btrim(p_observacao), ''), ''));
end
$$;
comment on function interno.conversa_resolver_por(uuid, public.conversas, uuid, text) is
'Resolve uma conversa já travada, por um motivo ativo; quem a atendia continua nela, para quando voltar.
Erros: ZPV20 é de outra pessoa; ZRV63 sem motivo; ZNV20 motivo não encontrado; ZRV72 motivo desativado; ZCV22 já resolvida.
Efeitos: conversas, conversas_historico; trava de leitura no motivo.
Desde: 0.3.0';
