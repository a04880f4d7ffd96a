"""One contact: seeing, creating, changing, blocking, removing, tags, consent."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath, QueryParameter
from msgspec import Struct

from app.erros import Erro
from app.http.pages.contatos import etiquetas_de, id_ou_nada
from app.http.pages.pagina import PAGINA, ComPagina, Html, Pagina, formulario
from app.http.render import telefone
from app.telefone import normalizar

_CAMPOS_EM_BRANCO: Final = 2
_VAZIA: Final[dict[str, Any]] = {"dados": [], "meta": {"proximoCursor": None}}


class Digitado(Struct):
    """What the form holds, as it was typed."""

    nome: str = ""
    telefone: str = ""
    email: str = ""
    responsavel: str = ""
    equipe: str = ""
    etiquetas: list[str] = []
    campos: list[tuple[str, str]] = []
    versao: str = ""

    @classmethod
    def do_contato(cls, c: dict[str, Any]) -> Digitado:
        return cls(
            nome=c["nome"], telefone=telefone(c["telefone"]) or c["telefoneInformado"] or "", email=c["email"] or "",
            responsavel=c["responsavelId"] or "", equipe=c["equipeId"] or "",
            campos=[(nome, str(valor)) for nome, valor in c["campos"].items()], versao=str(c["versao"]),
        )  # fmt: skip

    def argumentos(self) -> dict[str, object]:
        """The named arguments that creating and changing share."""
        return {
            "p_nome": self.nome,
            "p_telefone": normalizar(self.telefone) if self.telefone else None,
            "p_telefone_informado": self.telefone or None,
            "p_email": self.email or None,
            "p_campos": msgspec.Raw(msgspec.json.encode({n.strip(): v.strip() for n, v in self.campos if n.strip()})),
            "p_responsavel_id": id_ou_nada(self.responsavel),
            "p_equipe_id": id_ou_nada(self.equipe),
        }

    def vazios(self) -> list[str]:
        """What the person emptied."""
        vistos = {"email": self.email, "responsavelId": self.responsavel, "equipeId": self.equipe}
        return [nome for nome, valor in vistos.items() if not valor]


async def _digitado(pagina: Pagina) -> Digitado:
    form = await pagina.pedido.form()
    textos = {campo: str(form.get(campo) or "").strip() for campo in ("nome", "telefone", "email")}
    escolhas = {campo: str(form.get(campo) or "") for campo in ("responsavel", "equipe", "versao")}
    nomes, valores = form.getall("campo_nome", []), form.getall("campo_valor", [])
    campos = [(str(n), str(v)) for n, v in zip(nomes, valores, strict=False) if n or v]
    return Digitado(**textos, **escolhas, etiquetas=[str(e) for e in form.getall("etiqueta", [])], campos=campos)


async def _lista(pagina: Pagina, permissao: str, permissoes: list[str], funcao: str, **valores: object) -> list[Any]:
    """The first page of a list, or nothing for who may not read it."""
    if permissao not in permissoes:
        return []
    lida: dict[str, Any] = await pagina.chamada.ler(funcao, dict[str, Any], **valores)
    return list(lida["dados"])


async def obter(pagina: Pagina, id_: UUID) -> dict[str, Any]:
    return await pagina.chamada.ler("api.contato_obter", dict[str, Any], p_id=id_)


async def _mesmo_telefone(pagina: Pagina, digitado: Digitado) -> dict[str, Any] | None:
    """The contact that already has this phone, if whoever asks may see it."""
    canonico = normalizar(digitado.telefone)
    if canonico is None:
        return None
    lida: dict[str, Any] = await pagina.chamada.ler(
        "api.contatos_listar", dict[str, Any], p_busca=canonico.lstrip("+"), p_limite=1
    )
    return next(iter(lida["dados"]), None)


async def _formulario(
    pagina: Pagina, digitado: Digitado, contato: dict[str, Any] | None = None, erro: Erro | None = None
) -> Html:
    """The form to create or change; beside a refusal, what it is about: the other contact, or what is saved now."""
    pode = pagina.eu["permissoes"]
    usuarios, equipes, etiquetas = await asyncio.gather(
        _lista(pagina, "usuarios:ler", pode, "api.usuarios_listar", p_ativo=True, p_limite=200),
        _lista(pagina, "equipes:ler", pode, "api.equipes_listar", p_limite=200),
        _lista(pagina, "etiquetas:ler", pode, "api.etiquetas_listar", p_limite=200),
    )
    codigo = erro.codigo if erro else ""
    outro = await _mesmo_telefone(pagina, digitado) if codigo == "ZCC01" else None
    agora = Digitado.do_contato(contato) if contato and codigo == "ZCG02" else None
    if agora:
        digitado.versao = agora.versao
    return await pagina.mostrar(
        "contato_form.html", pagina.recusa(erro) if erro else 200, contato=contato, digitado=digitado, erro=erro,
        campo=erro.corpo.campo if erro else None, outro=outro, agora=agora, usuarios=usuarios, equipes=equipes,
        etiquetas=etiquetas, campos=[*digitado.campos, *[("", "")] * _CAMPOS_EM_BRANCO],
    )  # fmt: skip


async def _ficha(pagina: Pagina, id_: UUID, erro: Erro | None = None, onde: str = "", prova: str = "") -> Html:
    pode = pagina.eu["permissoes"]
    contato = await obter(pagina, id_)
    atual = UUID(contato["id"])
    do_contato = msgspec.Raw(msgspec.json.encode({"contatoId": atual}))
    consentimentos, conversas, fusoes, sugestoes, etiquetas, equipes = await asyncio.gather(
        _lista(pagina, "contatos:ler", pode, "api.consentimentos_listar", p_contato_id=atual, p_limite=20),
        _lista(pagina, "conversas:ler", pode, "api.conversas_listar", p_filtros=do_contato, p_limite=20),
        _lista(pagina, "contatos:ler", pode, "api.contato_fusoes_listar", p_id=atual, p_limite=20),
        _lista(pagina, "contatos:fundir", pode, "api.sugestoes_listar", p_contato_id=atual, p_limite=5),
        etiquetas_de(pagina) if "etiquetas:ler" in pode else _lista(pagina, "", pode, ""),
        _lista(pagina, "equipes:ler", pode, "api.equipes_listar", p_limite=200),
    )
    usuarios = await _lista(pagina, "usuarios:ler", pode, "api.usuarios_listar", p_limite=200)
    return await pagina.mostrar(
        "contato.html", pagina.recusa(erro) if erro else 200, contato=contato, consentimentos=consentimentos,
        conversas=conversas, fusoes=fusoes, sugestoes=sugestoes, etiquetas=etiquetas, erro=erro, onde=onde, prova=prova,
        responsavel=next((u["nome"] for u in usuarios if u["id"] == contato["responsavelId"]), None),
        equipe=next((e["nome"] for e in equipes if e["id"] == contato["equipeId"]), None),
        tem=[e["id"] for e in contato["etiquetas"]],
    )  # fmt: skip


class PaginaContato(Controller):
    path = "/contatos"

    @get("/novo", **formulario("contatos:gerir"))
    async def novo(self, pagina: ComPagina, fone: Annotated[str, QueryParameter(name="telefone")] = "") -> Html:
        return await _formulario(pagina, Digitado(telefone=fone[:60]))

    @post("/novo", **PAGINA)
    async def criar(self, pagina: ComPagina) -> Response[Any]:
        digitado = await _digitado(pagina)
        etiquetas = [i for i in map(id_ou_nada, digitado.etiquetas) if i]
        try:
            feito: dict[str, Any] = await pagina.chamada.ler(
                "api.contato_criar", dict[str, Any], **digitado.argumentos(), p_etiqueta_ids=etiquetas
            )
        except Erro as erro:
            return await _formulario(pagina, digitado, erro=erro)
        return pagina.ir(f"/contatos/{feito['id']}", "Contato criado")

    @get("/{id:uuid}", **PAGINA)
    async def ver(self, pagina: ComPagina, id: FromPath[UUID]) -> Html:
        return await _ficha(pagina, id)

    @get("/{id:uuid}/editar", **formulario("contatos:gerir"))
    async def editar(self, pagina: ComPagina, id: FromPath[UUID]) -> Html:
        contato = await obter(pagina, id)
        return await _formulario(pagina, Digitado.do_contato(contato), contato)

    @post("/{id:uuid}/editar", **PAGINA)
    async def mudar(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        digitado = await _digitado(pagina)
        versao = int(digitado.versao) if digitado.versao.isdecimal() else None
        try:
            await pagina.chamada.objeto(
                "api.contato_atualizar", p_id=id, p_versao=versao, p_limpar=digitado.vazios(), **digitado.argumentos()
            )
        except Erro as erro:
            return await _formulario(pagina, digitado, await obter(pagina, id), erro)
        return pagina.ir(f"/contatos/{id}", "Contato salvo")

    @post("/{id:uuid}/etiquetas", **PAGINA)
    async def etiquetar(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        form = await pagina.pedido.form()
        marcadas = {i for i in (id_ou_nada(str(e)) for e in form.getall("etiqueta", [])) if i}
        antes = {i for i in (id_ou_nada(str(e)) for e in form.getall("antes", [])) if i}
        if marcadas != antes:
            await pagina.chamada.objeto(
                "api.etiquetas_atribuir", p_contato_ids=[id], p_adicionar=list(marcadas - antes),
                p_remover=list(antes - marcadas),
            )  # fmt: skip
        return pagina.ir(f"/contatos/{id}", "Etiquetas salvas")

    @post("/{id:uuid}/bloquear", **PAGINA)
    async def bloquear(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        await pagina.chamada.objeto("api.contato_bloquear", p_id=id)
        return pagina.ir(f"/contatos/{id}", "Contato bloqueado: nada mais sai para ele")

    @post("/{id:uuid}/desbloquear", **PAGINA)
    async def desbloquear(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        await pagina.chamada.objeto("api.contato_desbloquear", p_id=id)
        return pagina.ir(f"/contatos/{id}", "Contato desbloqueado")

    @post("/{id:uuid}/remover", **PAGINA)
    async def remover(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        await pagina.chamada.objeto("api.contato_remover", p_id=id)
        return pagina.ir("/contatos", "Contato removido")

    @post("/{id:uuid}/consentimentos", **PAGINA)
    async def consentir(self, pagina: ComPagina, id: FromPath[UUID]) -> Response[Any]:
        form = await pagina.pedido.form()
        acao, prova = str(form.get("acao") or ""), str(form.get("prova") or "").strip()
        try:
            await pagina.chamada.objeto("api.consentimento_criar", p_contato_id=id, p_acao=acao, p_prova=prova)
        except Erro as erro:
            return await _ficha(pagina, id, erro, "consentimento", prova)
        return pagina.ir(f"/contatos/{id}", "Consentimento registrado")
