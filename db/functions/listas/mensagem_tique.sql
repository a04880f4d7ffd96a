/* pgmigrate-encoding: utf-8 */
create or replace function interno.mensagem_tique(p_mensagem public.mensagens) returns text
language sql immutable security invoker parallel safe
begin atomic
    select case
        when (p_mensagem).direcao = 'ENTRADA' then null
        when (p_mensagem).status in ('FALHOU', 'PULADO') then 'ERRO'
        when (p_mensagem).lido_em is not null then 'LIDA'
        when (p_mensagem).entregue_em is not null then 'ENTREGUE'
        when (p_mensagem).status = 'ENVIADO' then 'ENVIADA'
        when (p_mensagem).status = 'INCERTO' then 'DUVIDA'
        else 'ESPERA' end;
end;
comment on function interno.mensagem_tique(public.mensagens) is
'O tique de uma mensagem enviada; nulo na recebida.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
