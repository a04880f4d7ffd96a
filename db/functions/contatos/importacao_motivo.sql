/* pgmigrate-encoding: utf-8 */
create or replace function interno.importacao_motivo(p_codigo text) returns text
language sql immutable security invoker parallel safe
begin atomic
    select case p_codigo
        when 'LINHA_MALFORMADA' then 'Linha malformada: confira as aspas e os separadores'
        when 'COLUNAS_DEMAIS' then 'Há mais colunas nesta linha do que no cabeçalho'
        when 'LINHA_LONGA' then 'Linha longa demais: mais de 16 mil letras'
        when 'CODIFICACAO' then 'Há caracteres em outra codificação: salve o arquivo como UTF-8'
        when 'CARACTERE_INVALIDO' then 'Há um caractere invisível que não é aceito: escreva a linha de novo'
        when 'TELEFONE_AUSENTE' then 'Falta o telefone'
        when 'TELEFONE_INVALIDO' then 'Telefone inválido: confira o DDD e o número'
        when 'NOME_LONGO' then 'Nome com mais de 200 caracteres'
        when 'EMAIL_INVALIDO' then 'E-mail inválido'
        when 'CAMPOS_GRANDES' then 'As outras colunas, juntas, passam do que cabe num contato (8 mil letras)'
        when 'ETIQUETA_INVALIDA' then 'Etiquetas demais, ou uma com mais de 60 caracteres'
        when 'LIMITE_DE_ETIQUETAS' then 'Há etiquetas demais: remova alguma antes de criar outras'
        when 'DUPLICADO_NO_ARQUIVO' then 'Este telefone já apareceu antes no arquivo'
        when 'JA_EXISTE' then 'Já existe contato com este telefone'
        when 'LIMITE_DO_PLANO' then 'O plano não permite mais contatos'
    end;
end;
comment on function interno.importacao_motivo(text) is
'O que uma pessoa lê sobre uma linha que não entrou; nulo para um código desconhecido.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.1.0';
