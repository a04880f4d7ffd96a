"""The pages people work in: the same stored functions as the API, drawn by templates."""

from typing import Any, Final

from app.http.estaticos import servir_ajudante, servir_estatico
from app.http.pages import comandos, convite, entrar, erros, escolhas, painel
from app.http.pages.campanha_passos import PassosDaCampanha
from app.http.pages.campanhas import PaginaCampanhas
from app.http.pages.canais import PaginaCanais, PaginaSaude
from app.http.pages.canal_aparelho import AparelhoDoCanal
from app.http.pages.canal_atos import AtosDoCanal
from app.http.pages.canal_novo import PaginaCanalNovo
from app.http.pages.compositor import PaginaCompositor
from app.http.pages.configuracoes import PaginaConfiguracoes
from app.http.pages.contato import PaginaContato
from app.http.pages.contatos import PaginaContatos
from app.http.pages.conversa_atos import PaginaAtos
from app.http.pages.conversa_massa import PaginaMassa
from app.http.pages.conversa_painel import PaginaPainel
from app.http.pages.conversar import PaginaConversar
from app.http.pages.conversas import PaginaConversas
from app.http.pages.duplicados import PaginaDuplicados
from app.http.pages.equipes import PaginaEquipes
from app.http.pages.etiquetas import PaginaEtiquetas
from app.http.pages.fator import PaginaFator
from app.http.pages.fila_morta import PaginaFilaMorta
from app.http.pages.fio import PaginaFio
from app.http.pages.horarios import PaginaHorarios
from app.http.pages.importar import PaginaImportar
from app.http.pages.modelos import PaginaModelos
from app.http.pages.motivos import PaginaMotivos
from app.http.pages.oferta import PaginaOferta
from app.http.pages.perfis import PaginaPerfis
from app.http.pages.preferencias import PaginaPreferencias
from app.http.pages.respostas import PaginaRespostas
from app.http.pages.usuarios import PaginaUsuarios
from app.http.pages.visoes import PaginaVisoes
from app.http.pages.vivo import Vivo
from app.http.pages.webhooks_recebidos import PaginaWebhooks

ROTAS_DAS_PAGINAS: Final[list[Any]] = [
    servir_estatico,
    servir_ajudante,
    entrar.mostrar_entrada,
    entrar.entrar,
    entrar.mostrar_codigo,
    entrar.dizer_codigo,
    entrar.recuperar,
    entrar.sair,
    escolhas.escolher_tema,
    escolhas.escolher_idioma,
    escolhas.escolher_disponibilidade,
    erros.relatar,
    comandos.comandos,
    comandos.atalhos,
    painel.painel,
    convite.convite_pronto,
    convite.convite,
    convite.aceitar,
    PaginaUsuarios,
    PaginaEquipes,
    PaginaPerfis,
    PaginaConfiguracoes,
    PaginaFator,
    PaginaPreferencias,
    PaginaHorarios,
    PaginaMotivos,
    PaginaRespostas,
    PaginaConversas,
    PaginaVisoes,
    PaginaAtos,
    PaginaMassa,
    PaginaOferta,
    PaginaPainel,
    PaginaContatos,
    PaginaContato,
    PaginaConversar,
    PaginaDuplicados,
    PaginaImportar,
    PaginaFio,
    PaginaCompositor,
    PaginaCampanhas,
    PassosDaCampanha,
    PaginaModelos,
    PaginaEtiquetas,
    PaginaCanais,
    PaginaCanalNovo,
    AtosDoCanal,
    AparelhoDoCanal,
    PaginaSaude,
    PaginaFilaMorta,
    PaginaWebhooks,
    Vivo,
]
