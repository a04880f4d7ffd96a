/* pgmigrate-encoding: utf-8 */
create or replace function interno.midia_motivo(p_motivo text) returns text
language sql immutable security invoker parallel safe set search_path = ''
as $$
    select case p_motivo
        when 'RETENCAO' then 'O provedor já não guarda este arquivo'
        when 'AUSENTE' then 'O provedor não encontra este arquivo'
        when 'GRANDE' then 'O arquivo passa do tamanho aceito'
        when 'RECUSADA' then 'O provedor não aceita este arquivo'
        when 'CORROMPIDA' then 'O arquivo chegou diferente do que foi anunciado'
        when 'SEM_ACESSO' then 'A credencial da conexão foi recusada'
        when 'ARMAZEM' then 'O arquivo não pôde ser lido ou gravado no armazém'
        when 'DESISTIU' then 'As tentativas acabaram'
        else 'O provedor não respondeu bem'
    end;
$$;
comment on function interno.midia_motivo(text) is
'O que uma pessoa lê sobre por que uma mídia não está disponível.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
