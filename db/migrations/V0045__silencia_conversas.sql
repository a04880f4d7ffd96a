/* pgmigrate-encoding: utf-8 */
-- Conversations of which a person does not want to be told; and word, to whoever sees a queue, of what it offers to whom.

create table public.silenciadas (
    cliente_id uuid not null,
    usuario_id uuid not null,
    conversa_id uuid not null,
    criado_em timestamptz not null default now(),
    constraint silenciadas_pkey primary key (cliente_id, usuario_id, conversa_id),
    constraint silenciadas_cliente_id_usuario_id_fkey
    foreign key (cliente_id, usuario_id) references public.usuarios (cliente_id, id) on delete cascade,
    constraint silenciadas_cliente_id_conversa_id_fkey
    foreign key (cliente_id, conversa_id) references public.conversas (cliente_id, id) on delete cascade
);
create index silenciadas_conversa_id_idx on public.silenciadas (cliente_id, conversa_id);
comment on table public.silenciadas is
'De que conversas cada pessoa não quer ser avisada: sem som, aviso nem conta no título, até que o desfaça; só o que a fila lhe oferece se diz, pois pede resposta. Na lista continuam não lidas. Numa fusão ficam onde estão: quem silenciou uma não silenciou a outra.';
call interno.isolar_tabela('public.silenciadas');
insert into public.eventos_tipos (tipo, namespaces) values ('silencio_mudou', '{}'), ('espera_mudou', '{}');
call interno.eventos_seguir('public.silenciadas', 'silencio_mudou', 'usuario_id', 'PESSOA', null, '', 'insert delete');
call interno.eventos_seguir('public.ofertas', 'espera_mudou', 'conversa_id', 'CONVERSA_DE', null, 'atual', 'insert update');
