/* pgmigrate-encoding: utf-8 */
-- What each person chooses for the own screen.

create table public.preferencias (
    cliente_id uuid not null,
    usuario_id uuid not null,
    atalhos jsonb not null default '{}'
    constraint preferencias_atalhos_check check (jsonb_typeof(atalhos) = 'object' and pg_column_size(atalhos) < 4096),
    atalhos_ligados boolean not null default true,
    enviar_com text not null default 'ENTER'
    constraint preferencias_enviar_com_check check (enviar_com in ('ENTER', 'CTRL_ENTER')),
    apos_enviar text not null default 'FICAR'
    constraint preferencias_apos_enviar_check check (apos_enviar in ('FICAR', 'PROXIMA', 'VOLTAR')),
    som boolean not null default true,
    avisos_navegador boolean not null default false,
    silencio_de smallint constraint preferencias_silencio_de_check check (silencio_de between 0 and 1439),
    silencio_ate smallint constraint preferencias_silencio_ate_check check (silencio_ate between 0 and 1439),
    tela jsonb not null default '{}'
    constraint preferencias_tela_check check (jsonb_typeof(tela) = 'object' and pg_column_size(tela) < 4096),
    versao integer not null default 1,
    criado_em timestamptz not null default now(),
    atualizado_em timestamptz not null default now(),
    constraint preferencias_pkey primary key (cliente_id, usuario_id),
    constraint preferencias_silencio_check check ((silencio_de is null) = (silencio_ate is null) and silencio_de <> silencio_ate),
    constraint preferencias_cliente_id_usuario_id_fkey
    foreign key (cliente_id, usuario_id) references public.usuarios (cliente_id, id) on delete cascade
);
comment on table public.preferencias is
'O que cada pessoa escolhe para a própria tela. atalhos: tecla por ação, só as trocadas; tela: o que as páginas lembram (painéis, ordem, densidade).';
comment on column public.preferencias.silencio_de is 'Minutos desde a meia-noite, na hora da empresa.';
comment on constraint preferencias_atalhos_check on public.preferencias is 'ZRI40: atalhos demais';
comment on constraint preferencias_tela_check on public.preferencias is 'ZRI41: preferências demais para guardar';
comment on constraint preferencias_silencio_check on public.preferencias is 'ZRI42: o silêncio tem começo e fim, diferentes';
call interno.isolar_tabela('public.preferencias');
create trigger _020_atualizado before update on public.preferencias for each row execute function interno.tg_atualizado();

insert into public.eventos_tipos (tipo, namespaces) values ('preferencia_mudou', '{perfis}');
-- who one is, as the page shows it, says whether one takes conversations
update public.eventos_tipos set namespaces = namespaces || '{perfis}' where tipo = 'atendimento_mudou';
call interno.eventos_seguir('public.preferencias', 'preferencia_mudou', 'usuario_id', 'PESSOA', null, 'atualizado_em');
