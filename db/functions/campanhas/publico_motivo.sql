/* pgmigrate-encoding: utf-8 */
create or replace function interno.publico_motivo(p_contato public.contatos, p_marketing boolean) returns text
language sql stable security invoker
begin atomic
    -- no sub-select here, or it would no longer be inlined
    select case
        when p_contato.removido_em is not null then 'REMOVIDO'
        when p_contato.bloqueado then 'BLOQUEADO'
        when p_marketing and p_contato.marketing = 'REVOGADO' then 'OPTOUT'
        when p_contato.telefone is null then 'TELEFONE_INVALIDO'
        when p_contato.sem_whatsapp_em is not null then 'SEM_WHATSAPP'
    end;
end;
comment on function interno.publico_motivo(public.contatos, boolean) is
'Por que uma campanha (de marketing ou não) deixa um contato de fora; nulo = pode receber.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
