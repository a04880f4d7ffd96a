/* pgmigrate-encoding: utf-8 */
-- squawk-ignore-file constraint-missing-not-valid, ban-drop-constraint
-- (one transaction, as pgmigrate runs it: the table is short, and the product is stopped meanwhile)
-- A free colour cannot promise contrast in light and dark: twelve named tones can.

do $tons$
declare
    r_cliente record;
begin
    alter table public.etiquetas drop constraint etiquetas_cor_check;
    for r_cliente in select c.id from public.clientes as c loop
        perform set_config('app.cliente_id', r_cliente.id::text, true);
        update public.etiquetas as e set cor = 'CINZA' where e.cliente_id = r_cliente.id;
    end loop;
    perform set_config('app.cliente_id', '', true);
end
$tons$;
alter table public.etiquetas
alter column cor set default 'CINZA',
add constraint etiquetas_cor_check check (cor in (
    'VERMELHO', 'LARANJA', 'AMBAR', 'OLIVA', 'VERDE', 'ESMERALDA', 'CIANO', 'AZUL', 'INDIGO', 'VIOLETA', 'MAGENTA', 'CINZA'
)) not valid;
call interno.restricao_validar('public.etiquetas', 'etiquetas_cor_check');
comment on constraint etiquetas_cor_check on public.etiquetas is 'ZRE01: esta cor não existe';
comment on column public.etiquetas.cor is 'Um de doze tons, com contraste garantido no claro e no escuro.';
