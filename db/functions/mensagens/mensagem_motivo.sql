/* pgmigrate-encoding: utf-8 */
create or replace function interno.mensagem_motivo(p_motivo text, p_erro_texto text) returns text
language plpgsql stable security invoker set search_path = ''
as $$
begin
    return case
        when p_motivo is null then null
        else coalesce(p_erro_texto, case p_motivo
            when 'CANCELADA' then 'Cancelada antes de sair'
            when 'REMOVIDO' then 'O contato foi removido'
            when 'BLOQUEADO' then 'O contato está bloqueado'
            when 'JANELA_FECHADA' then 'A janela de 24 horas fechou antes do envio: use um modelo'
            when 'MODELO_PARADO' then 'O modelo deixou de estar aprovado'
            when 'EXPIRADA' then 'Esperou tempo demais para sair'
            when 'TENTATIVAS_ESGOTADAS' then 'Falhou em todas as tentativas'
            when 'TELEFONE_INVALIDO' then 'O contato não tem um telefone para este número'
        end, (select c.texto from public.provedor_classes as c where c.classe = p_motivo), 'Não foi possível confirmar o envio')
    end;
end
$$;
comment on function interno.mensagem_motivo(text, text) is
'A frase que uma pessoa lê sobre o que houve com uma mensagem.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
