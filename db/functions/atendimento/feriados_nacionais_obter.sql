/* pgmigrate-encoding: utf-8 */
create or replace function api.feriados_nacionais_obter(p_cliente_id uuid, p_sessao text, p_ano integer) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'equipes:ler');
    perform interno.ano_conferir(p_ano);
    return jsonb_build_object('ano', p_ano, 'feriados', (
        select jsonb_agg(jsonb_build_object('data', f.data, 'nome', f.nome, 'facultativo', f.facultativo) order by f.data)
        from interno.feriados_nacionais(p_ano) as f
    ));
end
$$;
comment on function api.feriados_nacionais_obter(uuid, text, integer) is
'Os feriados nacionais do Brasil num ano, para escolher o que importar.
Erros: ZAG01 sessão inválida; ZPG01 sem permissão; ZRA02 ano.
Efeitos: nenhum.
Desde: 0.3.0';
