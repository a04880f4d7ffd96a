/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_conversas__ofertas() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_viva public.ofertas;
begin
    if new.dono_id is null and interno.conversa_na_fila(new) and new.equipe_id is not distinct from old.equipe_id then
        return null;
    end if;
    select o.* into v_viva from public.ofertas as o
    where o.cliente_id = new.cliente_id and o.conversa_id = new.id and o.fim is null;
    if found then
        perform interno.ofertas_encerrar(
            new.cliente_id, array[v_viva.id], case when new.usuario_id = v_viva.usuario_id then 'ACEITA' else 'ENCERRADA' end
        );
    end if;
    update public.ofertas as o set atual = false where o.cliente_id = new.cliente_id and o.conversa_id = new.id and o.atual;
    return null;
end
$$;
comment on function interno.tg_conversas__ofertas() is
'Uma conversa que sai da fila em que esperava não é mais oferecida, e as suas ofertas de antes nada dizem da espera seguinte.
Erros: nenhum.
Efeitos: ofertas, fila, eventos.
Desde: 0.3.0';
