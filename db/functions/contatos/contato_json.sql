/* pgmigrate-encoding: utf-8 */
create or replace function interno.contato_json(p_contato public.contatos) returns jsonb
language sql stable security invoker parallel safe
begin atomic
    select jsonb_build_object(
        'id', p_contato.id, 'nome', p_contato.nome, 'telefone', p_contato.telefone,
        'telefoneInformado', p_contato.telefone_informado, 'email', p_contato.email, 'campos', p_contato.campos,
        'marketing', p_contato.marketing, 'bloqueado', p_contato.bloqueado, 'semWhatsappEm', p_contato.sem_whatsapp_em,
        'responsavelId', p_contato.responsavel_id, 'equipeId', p_contato.equipe_id, 'origem', p_contato.origem,
        'etiquetas', (
            select coalesce(jsonb_agg(jsonb_build_object('id', e.id, 'nome', e.nome, 'cor', e.cor) order by e.nome), '[]')
            from public.contatos_etiquetas as ce
            join public.etiquetas as e on e.cliente_id = p_contato.cliente_id and e.id = ce.etiqueta_id
            where ce.cliente_id = p_contato.cliente_id and ce.contato_id = p_contato.id
        ),
        'identidades', (
            select coalesce(jsonb_agg(jsonb_build_object('tipo', i.tipo, 'valor', i.valor) order by i.tipo, i.valor), '[]')
            from public.contatos_identidades as i
            where i.cliente_id = p_contato.cliente_id and i.contato_id = p_contato.id
        ),
        'fusoes', (
            select count(*) from public.contatos_fusoes as f
            where f.cliente_id = p_contato.cliente_id and f.para_id = p_contato.id and f.desfeita_em is null
        ),
        'versao', p_contato.versao, 'criadoEm', p_contato.criado_em, 'atualizadoEm', p_contato.atualizado_em
    );
end;
comment on function interno.contato_json(public.contatos) is
'O contato como a API o mostra, com suas etiquetas, os nomes que os provedores lhe dão e quantos foram juntados a ele.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.1.0';
