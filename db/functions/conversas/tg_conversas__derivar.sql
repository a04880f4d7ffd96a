/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_conversas__derivar() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
begin
    if new.usuario_id is null then
        -- one that comes back waits from now, not from the day it was resolved
        new.fila_em := case when old.status = 'RESOLVIDA' and new.status <> 'RESOLVIDA' then v_agora else coalesce(new.fila_em, v_agora) end;
        new.atribuida_em := null;
        new.controle := case new.controle when 'HUMANO' then 'FILA' else new.controle end;
    else
        new.fila_em := null;
        new.controle := 'HUMANO';
        new.atribuida_em := case when old.usuario_id is distinct from new.usuario_id then v_agora else old.atribuida_em end;
    end if;
    new.adiada_ate := case new.status when 'ADIADA' then new.adiada_ate end;
    new.resolvida_em := case new.status when 'RESOLVIDA' then coalesce(new.resolvida_em, v_agora) end;
    new.motivo_id := case new.status when 'RESOLVIDA' then new.motivo_id end;
    return new;
end
$$;
comment on function interno.tg_conversas__derivar() is
'Mantém o que se segue do estado e do dono de uma conversa: desde quando espera ou é atendida, quem pode falar, até quando está adiada, quando e por que foi resolvida.
Erros: nenhum; as restrições da tabela recusam o que falta (hora de voltar, motivo, dono).
Efeitos: a própria linha.
Desde: 0.3.0';
