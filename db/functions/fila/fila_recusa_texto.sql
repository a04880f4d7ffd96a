/* pgmigrate-encoding: utf-8 */
create or replace function interno.fila_recusa_texto(p_recusa text) returns text
language sql immutable security invoker parallel safe
begin atomic
    select case p_recusa
        when 'JA_RESOLVIDA' then 'já foi resolvido'
        when 'JA_SEGUIU' then 'já seguiu por outro caminho'
        when 'SEM_CONFIRMACAO' then 'o envio está sem confirmação: decida sobre ele antes'
        when 'CAMPANHA_CANCELADA' then 'a campanha foi cancelada'
        when 'JANELA_FECHADA' then 'a janela de 24 horas se fechou: só um modelo pode ser enviado'
        when 'MIDIA_EXPIRADA' then 'o provedor já não guarda a mídia'
        when 'TIPO_DESCONHECIDO' then 'este tipo de trabalho não existe mais'
        when 'REMOVIDO' then 'o contato foi removido'
        when 'BLOQUEADO' then 'o contato está bloqueado'
        when 'OPTOUT' then 'a pessoa não quer receber marketing'
        when 'TELEFONE_INVALIDO' then 'o contato não tem telefone'
        when 'SEM_WHATSAPP' then 'o número do contato não tem WhatsApp'
        when 'VARIAVEL_FALTANDO' then 'falta ao contato um dado que o modelo usa'
        when 'CONEXAO_REMOVIDA' then 'a conexão foi removida'
        when 'CEDO' then 'ainda pode chegar uma confirmação: espere o prazo, ou confirme que quer decidir já'
        when 'JA_DECIDIDO' then 'o envio já não está sem confirmação'
        else lower(replace(p_recusa, '_', ' '))
    end;
end;
comment on function interno.fila_recusa_texto(text) is
'O que uma pessoa lê sobre por que algo não volta à fila.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
