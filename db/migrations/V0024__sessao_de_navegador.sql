/* pgmigrate-encoding: utf-8 */
-- squawk-ignore-file ban-drop-function, adding-field-with-default, constraint-missing-not-valid
-- A browser keeps its session in one cookie that scripts cannot read: it is extended while it is used, not traded.

alter table public.sessoes
add column canal text not null default 'API' constraint sessoes_canal_check check (canal in ('API', 'NAVEGADOR'));
comment on column public.sessoes.canal is 'API = par de tokens, que se troca; NAVEGADOR = um cookie, que se estende enquanto é usado, até 30 dias.';
-- it gains an argument: the one without it would make the call ambiguous
drop function if exists api.login_concluir(text, inet, boolean, text, bytea, bytea, text);
