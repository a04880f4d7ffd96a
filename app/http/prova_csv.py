"""The evidence of a campaign as CSV, page by page: memory holds one page, however large the campaign."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final

from app.http.contatos_csv import telefone_escrito
from app.http.render import Leitor, traduzir
from app.http.tabela_csv import BOM, celula, momento_de, texto
from app.tipos.entregas import Prova, ProvaDestinatario, Tentativa

PAGINA: Final = 200
COLUNAS: Final = (
    "Envio", "Contato", "Nome", "Telefone", "Situação", "Motivo", "Código do provedor", "Texto do provedor",
    "Mensagem no WhatsApp", "Enviada em", "Entregue em", "Lida em", "Tentativas", "Confirmações do WhatsApp",
    "Decisões de pessoas",
)  # fmt: skip
_SITUACAO: Final = {
    "PENDENTE": "Esperando", "RESERVADO": "Na fila", "ENVIANDO": "Enviando", "ENVIADO": "Enviada ao WhatsApp",
    "INCERTO": "Sem confirmação", "FALHOU": "Falhou", "PULADO": "Pulada",
}  # fmt: skip
_DESFECHO: Final = {
    "ACEITO": "aceita pelo provedor", "REJEITADO": "recusada pelo provedor", "NAO_ENVIADO": "não chegou a sair",
    "AMBIGUO": "sem resposta clara", None: "sem desfecho",
}  # fmt: skip
_CONFIRMACAO: Final = {"sent": "aceita", "delivered": "entregue", "read": "lida", "failed": "falhou"}
_DECISAO: Final = {
    "CONFIRMADO": "conta como enviada", "DESISTIR": "conta como falha", "REENVIAR": "enviar de novo",
}  # fmt: skip

Ler = Callable[[str | None], Awaitable[Prova]]


def escritor(leitor: Leitor) -> Callable[[ProvaDestinatario], list[str]]:
    """Writes the cells of one recipient, in this reader's words."""
    t, momento = traduzir(leitor.idioma), momento_de(leitor, segundos=True)

    def tentativa(x: Tentativa) -> str:
        partes = (momento(x.iniciada_em), t(_DESFECHO[x.desfecho]), x.id, x.processo, x.erro_codigo or "")
        return " ".join(map(str, partes)).rstrip()

    def confirmacoes(x: Tentativa) -> list[str]:
        return [
            f"{momento(s.ocorrido_em)} {t(_CONFIRMACAO.get(s.status, s.status))} {s.id_externo} {s.webhook_id or ''}"
            for s in x.status
        ]

    def linha(d: ProvaDestinatario) -> list[str]:
        recebidas = [c.rstrip() for x in d.tentativas for c in confirmacoes(x)]
        decisoes = (f"{momento(x.decidido_em)} {t(_DECISAO[x.decisao])} {x.usuario_id} {x.motivo}" for x in d.decisoes)
        return [
            str(d.id), str(d.contato_id), celula(d.nome), telefone_escrito(d.telefone), t(_SITUACAO[d.status]),
            celula(t(d.motivo_texto or "")), celula(d.erro_codigo), celula(d.erro_texto), celula(d.id_externo),
            momento(d.enviado_em), momento(d.entregue_em), momento(d.lido_em),
            celula(" | ".join(map(tentativa, d.tentativas))), celula(" | ".join(recebidas)),
            celula(" | ".join(decisoes)),
        ]  # fmt: skip

    return linha


async def escrever(primeira: Prova, ler: Ler, leitor: Leitor) -> AsyncIterator[bytes]:
    """The whole file, from the first page on; `ler` fetches the page after a cursor."""
    linha = escritor(leitor)
    yield BOM + texto([map(traduzir(leitor.idioma), COLUNAS)])
    pagina = primeira
    while True:
        yield texto(map(linha, pagina.destinatarios))
        if pagina.proximo_cursor is None:
            return
        pagina = await ler(pagina.proximo_cursor)
