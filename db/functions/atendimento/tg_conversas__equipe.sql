/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_conversas__equipe() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    new.equipe_id := (
        select e.id from public.conexoes as x
        join public.equipes as e on e.cliente_id = new.cliente_id and e.id = x.equipe_id and e.ativo
        where x.cliente_id = new.cliente_id and x.id = new.conexao_id
    );
    return new;
end
$$;
comment on function interno.tg_conversas__equipe() is
'Uma conversa nova, sem dono nem equipe, cai na fila da equipe do seu número (conexoes.equipe_id), qualquer que seja o caminho por onde veio.
Erros: nenhum.
Efeitos: a própria linha.
Desde: 0.3.0';
