/* pgmigrate-encoding: utf-8 */
create or replace function api.resposta_rapida_testar(p_cliente_id uuid, p_sessao text, p_texto text) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    return (
        select interno.texto_variaveis(left(p_texto, 4096), jsonb_build_object(
            'contato.nome', 'Maria da Silva', 'contato.primeiroNome', 'Maria', 'contato.telefone', '+5511912345678',
            'contato.email', 'maria@exemplo.com.br', 'usuario.nome', u.nome, 'usuario.primeiroNome', split_part(btrim(u.nome), ' ', 1),
            'equipe.nome', coalesce((
                select min(e.nome) from public.equipes_membros as m
                join public.equipes as e on e.cliente_id = p_cliente_id and e.id = m.equipe_id
                where m.cliente_id = p_cliente_id and m.usuario_id = u.id
            ), 'Atendimento'),
            'empresa.nome', k.nome
        ))
        from public.usuarios as u
        join public.clientes as k on k.id = p_cliente_id
        where u.cliente_id = p_cliente_id and u.id = interno.usuario_corrente()
    );
end
$$;
comment on function api.resposta_rapida_testar(uuid, text, text) is
'Um texto de resposta rápida preenchido com uma pessoa inventada e com quem pede, para que se veja antes de salvar; nomeia as variáveis que não existem.
Erros: ZAG01 sessão inválida; ZPG01 sem permissão.
Efeitos: nenhum.
Desde: 0.3.0';
