/* pgmigrate-encoding: utf-8 */
create or replace function interno.mensagem_destino_conferir(p_cliente_id uuid, p_conversa public.conversas, p_tipo text, p_marketing boolean, p_agora timestamptz) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    r_contato record;
    r_conexao record;
begin
    if p_conversa.status = 'RESOLVIDA' then
        raise exception using errcode = 'ZCV04', message = 'a conversa está resolvida: inicie outra';
    end if;
    -- a refusal that is being written waits for us, or we for it
    select c.removido_em, c.bloqueado into r_contato
    from public.contatos as c where c.cliente_id = p_cliente_id and c.id = p_conversa.contato_id for share;
    select x.status, x.removido_em, x.provedor into r_conexao
    from public.conexoes as x where x.cliente_id = p_cliente_id and x.id = p_conversa.conexao_id;
    if r_contato.removido_em is not null then
        raise exception using errcode = 'ZRV30', message = 'o contato foi removido';
    elsif r_contato.bloqueado then
        raise exception using errcode = 'ZRV31', message = 'o contato está bloqueado';
    elsif p_marketing and cardinality(interno.marketing_recusas(p_cliente_id, array[p_conversa.contato_id])) > 0 then
        raise exception using errcode = 'ZRV32', message = 'a pessoa não aceita receber marketing';
    elsif r_conexao.removido_em is not null or r_conexao.status = 'DESATIVADA' then
        raise exception using errcode = 'ZRV33', message = 'a conexão está desativada';
    elsif p_tipo <> 'MODELO' and r_conexao.provedor = 'META_API'
        -- a minute early, as when it leaves
        and coalesce(p_conversa.janela_expira_em, '-infinity') - interval '60 seconds' <= p_agora
    then
        raise exception using errcode = 'ZRV34', message = 'a janela de 24 horas está fechada: envie um modelo',
            detail = 'USAR_MODELO';
    end if;
end
$$;
comment on function interno.mensagem_destino_conferir(uuid, public.conversas, text, boolean, timestamptz) is
'Recusa escrever a quem não se pode: contato removido, bloqueado ou que recusou marketing, conexão desativada, janela de 24 horas fechada, conversa resolvida. O envio confere tudo de novo.
Erros: ZCV04; ZRV30; ZRV31; ZRV32; ZRV33; ZRV34.
Efeitos: trava de leitura no contato.
Desde: 0.2.0';
