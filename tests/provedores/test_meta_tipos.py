"""Every kind of outbound message, sent to the strict simulator: what arrives, and that it is accepted."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest

from app.provedores.meta import Meta
from tests.provedores.pecas import CONEXAO, MIDIA_ID, PESSOA, com_midia, conexao, envio, modelo
from tests.simulador.bancada import NUMERO, OUTRO, WABA, Bancada

LINK = "https://exemplo.test/arquivo"
BOTOES = [{"id": "sim", "titulo": "Sim"}, {"id": "nao", "titulo": "Não"}]
CORPO_BOTOES = {"buttons": [{"type": "reply", "reply": {"id": b["id"], "title": b["titulo"]}} for b in BOTOES]}
SECOES = [
    {"titulo": "Manhã", "linhas": [{"id": "8", "titulo": "8 h", "descricao": "com a Ana"}]},
    {"titulo": "Tarde", "linhas": [{"id": "14", "titulo": "14 h"}]},
]
CARTAO = {
    "nome": "Ana Maria",
    "sobrenome": "Silva",
    "telefones": [{"telefone": "+55 11 98888-7777", "tipo": "CELL", "waId": PESSOA}],
    "emails": [{"email": "ana@exemplo.test", "tipo": "WORK"}],
    "organizacao": "Loja",
    "urls": ["https://exemplo.test", {"url": "https://b.test", "tipo": "WORK"}],
    "aniversario": "1990-05-01",
}


async def chegou(bancada: Bancada) -> dict[str, Any]:
    """The last body that the simulator read."""
    pedidos = await bancada.controle("GET", "/requests?path=messages")
    corpo: dict[str, Any] = json.loads(pedidos[-1]["body"])
    return corpo


@pytest.mark.parametrize(
    ("tipo", "conteudo", "nome", "esperado"),
    [
        ("TEXTO", {"texto": "olá é ç 🙂"}, "text", {"body": "olá é ç 🙂"}),
        ("TEXTO", {"texto": "veja " + LINK, "previa": True}, "text", {"body": "veja " + LINK, "preview_url": True}),
        ("IMAGEM", {"link": LINK, "legenda": "uma"}, "image", {"link": LINK, "caption": "uma"}),
        ("VIDEO", {"link": LINK}, "video", {"link": LINK}),
        ("AUDIO", {"link": LINK, "voz": True}, "audio", {"link": LINK, "voice": True}),
        ("AUDIO", {"link": LINK, "voz": False}, "audio", {"link": LINK}),
        ("FIGURINHA", {"link": LINK}, "sticker", {"link": LINK}),
        (
            "DOCUMENTO",
            {"link": LINK, "legenda": "", "nome": "a.pdf"},
            "document",
            {"link": LINK, "filename": "a.pdf"},
        ),
        (
            "BOTOES",
            {"texto": "Vem?", "botoes": BOTOES, "rodape": "Loja", "cabecalho": {"texto": "Convite"}},
            "interactive",
            {
                "type": "button",
                "header": {"type": "text", "text": "Convite"},
                "body": {"text": "Vem?"},
                "footer": {"text": "Loja"},
                "action": CORPO_BOTOES,
            },
        ),
        (
            "BOTOES",
            {"texto": "Vem?", "botoes": BOTOES, "cabecalho": {"tipo": "DOCUMENTO", "link": LINK, "nome": "a.pdf"}},
            "interactive",
            {
                "type": "button",
                "header": {"type": "document", "document": {"link": LINK, "filename": "a.pdf"}},
                "body": {"text": "Vem?"},
                "action": CORPO_BOTOES,
            },
        ),
        (
            "LISTA",
            {"texto": "Quando?", "botao": "Horários", "secoes": SECOES, "cabecalho": {"texto": "Agenda"}},
            "interactive",
            {
                "type": "list",
                "header": {"type": "text", "text": "Agenda"},
                "body": {"text": "Quando?"},
                "action": {
                    "button": "Horários",
                    "sections": [
                        {"title": "Manhã", "rows": [{"id": "8", "title": "8 h", "description": "com a Ana"}]},
                        {"title": "Tarde", "rows": [{"id": "14", "title": "14 h"}]},
                    ],
                },
            },
        ),
        (
            "LINK",
            {"texto": "Veja", "rotulo": "Abrir", "url": LINK, "cabecalho": {"tipo": "IMAGEM", "link": LINK}},
            "interactive",
            {
                "type": "cta_url",
                "header": {"type": "image", "image": {"link": LINK}},
                "body": {"text": "Veja"},
                "action": {"name": "cta_url", "parameters": {"display_text": "Abrir", "url": LINK}},
            },
        ),
        (
            "LOCALIZACAO",
            {"latitude": -23.5, "longitude": -46, "nome": "Loja", "endereco": "Rua A, 1"},
            "location",
            {"latitude": -23.5, "longitude": -46.0, "name": "Loja", "address": "Rua A, 1"},
        ),
        (
            "CONTATOS",
            {"contatos": [CARTAO, {"nome": "Beto"}]},
            "contacts",
            [
                {
                    "name": {"formatted_name": "Ana Maria", "last_name": "Silva"},
                    "phones": [{"phone": "+55 11 98888-7777", "type": "CELL", "wa_id": PESSOA}],
                    "emails": [{"email": "ana@exemplo.test", "type": "WORK"}],
                    "org": {"company": "Loja"},
                    "urls": [{"url": "https://exemplo.test"}, {"url": "https://b.test", "type": "WORK"}],
                    "birthday": "1990-05-01",
                },
                {"name": {"formatted_name": "Beto", "first_name": "Beto"}},
            ],
        ),
        ("REACAO", {"alvoIdExterno": "wamid.x", "emoji": "👍"}, "reaction", {"message_id": "wamid.x", "emoji": "👍"}),
        ("REACAO", {"alvoIdExterno": "wamid.x", "emoji": ""}, "reaction", {"message_id": "wamid.x", "emoji": ""}),
    ],
)
async def test_chega_e_e_aceita(
    bancada: Bancada, meta: Meta, tipo: str, conteudo: dict[str, Any], nome: str, esperado: Any
) -> None:
    await bancada.abrir_janela(PESSOA)
    pedido = envio(tipo, conteudo)
    resultado = await meta.enviar(CONEXAO, pedido)
    assert (resultado.desfecho, resultado.wa_id) == ("ACEITO", PESSOA)
    (linha,) = await bancada.livro()
    assert linha["acceptance"]["message_id"] == resultado.id_externo
    assert await chegou(bancada) == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": PESSOA,
        "type": nome,
        nome: esperado,
        "biz_opaque_callback_data": str(pedido.tentativa_id),
    }
    assert linha["attempt"]["callback"] == str(pedido.tentativa_id)


async def test_resposta_e_bsuid(bancada: Bancada, meta: Meta) -> None:
    para = {"para": "BR.AB12", "para_tipo": "BSUID", "contexto": "wamid.citada"}
    resultado = await meta.enviar(CONEXAO, envio("TEXTO", {"texto": "oi"}, **para))
    assert (resultado.desfecho, resultado.wa_id) == ("ACEITO", None)
    corpo = await chegou(bancada)
    assert (corpo.get("to"), corpo["recipient"], corpo["context"]) == (None, "BR.AB12", {"message_id": "wamid.citada"})


async def test_midia_nossa_vai_pelo_id_do_provedor(bancada: Bancada, meta: Meta) -> None:
    await bancada.abrir_janela(PESSOA)
    id_externo = await subir(bancada, b"%PDF-1.4", "application/pdf")
    midias = com_midia(id_externo, "guardado.pdf", "application/pdf")
    for nome, esperado in ((None, "guardado.pdf"), ("outro.pdf", "outro.pdf")):
        conteudo = {"midiaId": str(MIDIA_ID)} | ({"nome": nome} if nome else {})
        assert (await meta.enviar(CONEXAO, envio("DOCUMENTO", conteudo, midias=midias))).desfecho == "ACEITO"
        assert (await chegou(bancada))["document"] == {"id": id_externo, "filename": esperado}
    cabecalho = {"texto": "x", "botoes": BOTOES, "cabecalho": {"tipo": "DOCUMENTO", "midiaId": str(MIDIA_ID)}}
    assert (await meta.enviar(CONEXAO, envio("BOTOES", cabecalho, midias=midias))).desfecho == "ACEITO"
    # the same file where an image is asked for, and an id that the provider has not
    for tipo, quais in (("IMAGEM", midias), ("DOCUMENTO", com_midia("404"))):
        recusado = await meta.enviar(CONEXAO, envio(tipo, {"midiaId": str(MIDIA_ID)}, midias=quais))
        assert (recusado.desfecho, recusado.codigo) == ("REJEITADO", 131053)


async def subir(bancada: Bancada, dados: bytes, mime: str) -> str:
    formulario = aiohttp.FormData({"messaging_product": "whatsapp"})
    formulario.add_field("file", dados, filename="a", content_type=mime)
    url = f"{bancada.simulador.url_meta}/v25.0/{NUMERO}/media"
    async with bancada.sessao.post(
        url, data=formulario, headers={"Authorization": f"Bearer {CONEXAO.credenciais.access_token}"}
    ) as resposta:
        return str((await resposta.json())["id"])


TEXTO_1 = {"type": "BODY", "text": "Olá {{1}}"}
MODELOS: list[tuple[str, Any, list[dict[str, Any]], dict[str, Any], list[dict[str, Any]]]] = [
    ("sem_variavel", "POSITIONAL", [{"type": "BODY", "text": "Olá"}], {}, []),
    (
        "posicional",
        "POSITIONAL",
        [{"type": "HEADER", "format": "TEXT", "text": "{{1}}!"}, {"type": "BODY", "text": "{{2}} e {{1}}, {{2}}"}],
        {"parametros": {"2": "b", "1": "a", "cabecalho.1": "Oi"}},
        [
            {"type": "header", "parameters": [{"type": "text", "text": "Oi"}]},
            {"type": "body", "parameters": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]},
        ],
    ),
    (
        "nomeado",
        "NAMED",
        [{"type": "BODY", "text": "{{nome}}: {{total}} até {{dia}}"}],
        {
            "parametros": {
                "nome": "Ana",
                "total": {"tipo": "MOEDA", "codigo": "BRL", "valorMil": 10500, "texto": "R$ 10,50"},
                "dia": {"tipo": "DATA", "texto": "1º de maio"},
            }
        },
        [
            {
                "type": "body",
                "parameters": [
                    {"type": "text", "text": "Ana", "parameter_name": "nome"},
                    {
                        "type": "currency",
                        "currency": {"fallback_value": "R$ 10,50", "code": "BRL", "amount_1000": 10500},
                        "parameter_name": "total",
                    },
                    {"type": "date_time", "date_time": {"fallback_value": "1º de maio"}, "parameter_name": "dia"},
                ],
            }
        ],
    ),
    *(
        (
            f"cabecalho_{especie}",
            "POSITIONAL",
            [{"type": "HEADER", "format": especie.upper()}, TEXTO_1],
            conteudo | {"parametros": {"1": "Ana"} | conteudo.get("parametros", {})},
            [
                {"type": "header", "parameters": [{"type": especie, especie: dados}]},
                {"type": "body", "parameters": [{"type": "text", "text": "Ana"}]},
            ],
        )
        for especie, conteudo, dados in (
            ("image", {"parametros": {"cabecalho.midia": LINK}}, {"link": LINK}),
            ("video", {"parametros": {"cabecalho.midia": {"link": LINK}}}, {"link": LINK}),
            ("document", {"cabecalho": {"link": LINK, "nome": "a.pdf"}}, {"link": LINK, "filename": "a.pdf"}),
            (
                "location",
                {"cabecalho": {"latitude": -23.5, "longitude": -46.6, "nome": "Loja"}},
                {"latitude": "-23.5", "longitude": "-46.6", "name": "Loja"},
            ),
        )
    ),
    (
        "botoes",
        "POSITIONAL",
        [
            TEXTO_1,
            {
                "type": "BUTTONS",
                "buttons": [
                    {"type": "QUICK_REPLY", "text": "Quero"},
                    {"type": "URL", "text": "Site", "url": "https://a.test"},
                    {"type": "URL", "text": "Ver", "url": "https://a.test/{{1}}"},
                    {"type": "COPY_CODE", "example": "ABC"},
                    {"type": "FLOW", "text": "Agendar"},
                    {"type": "CATALOG", "text": "Ver catálogo"},
                    {"type": "PHONE_NUMBER", "phone_number": "+5511"},
                ],
            },
        ],
        {
            "parametros": {
                "1": "Ana",
                "botao.0": "quero-1",
                "botao.2": "v/9",
                "botao.3": "NATAL10",
                "botao.4": {"tipo": "FLUXO", "token": "t1", "dados": {"tela": "A"}},
                "botao.5": {"tipo": "CATALOGO", "produto": "p1"},
            }
        },
        [
            {"type": "body", "parameters": [{"type": "text", "text": "Ana"}]},
            *(
                {"type": "button", "sub_type": subtipo, "index": str(indice), "parameters": [parametro]}
                for indice, subtipo, parametro in (
                    (0, "quick_reply", {"type": "payload", "payload": "quero-1"}),
                    (2, "url", {"type": "text", "text": "v/9"}),
                    (3, "copy_code", {"type": "coupon_code", "coupon_code": "NATAL10"}),
                    (
                        4,
                        "flow",
                        {"type": "action", "action": {"flow_token": "t1", "flow_action_data": {"tela": "A"}}},
                    ),
                    (5, "catalog", {"type": "action", "action": {"thumbnail_product_retailer_id": "p1"}}),
                )
            ),
        ],
    ),
    (
        "codigo",
        "POSITIONAL",
        [TEXTO_1, {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE"}]}],
        {"parametros": {"1": "123456", "botao.0": "123456"}},
        [
            {"type": "body", "parameters": [{"type": "text", "text": "123456"}]},
            {
                "type": "button",
                "sub_type": "url",
                "index": "0",
                "parameters": [{"type": "text", "text": "123456"}],
            },
        ],
    ),
]


@pytest.mark.parametrize(("nome", "formato", "componentes", "conteudo", "esperado"), MODELOS)
async def test_modelo_com_todos_os_componentes(
    bancada: Bancada,
    meta: Meta,
    nome: str,
    formato: Any,
    componentes: list[dict[str, Any]],
    conteudo: dict[str, Any],
    esperado: list[dict[str, Any]],
) -> None:
    await registrar_modelo(bancada, nome, formato, componentes)
    aprovado = modelo(*componentes, nome=nome, formato=formato)
    resultado = await meta.enviar(CONEXAO, envio("MODELO", conteudo, modelo=aprovado))
    assert (resultado.desfecho, resultado.detalhe) == ("ACEITO", None)
    enviado = (await chegou(bancada))["template"]
    assert (enviado["name"], enviado["language"]) == (nome, {"code": "pt_BR"})
    assert enviado.get("components", []) == esperado


async def registrar_modelo(bancada: Bancada, nome: str, formato: str, componentes: list[dict[str, Any]]) -> None:
    dados = {"waba_id": WABA, "name": nome, "language": "pt_BR", "category": "UTILITY", "components": componentes}
    await bancada.controle("POST", "/meta/templates", {**dados, "parameter_format": formato})


async def test_fluxo_sem_dados_leva_a_referencia(bancada: Bancada, meta: Meta) -> None:
    componentes: list[dict[str, Any]] = [
        {"type": "BODY", "text": "Oi"},
        {"type": "BUTTONS", "buttons": [{"type": "FLOW", "text": "Ir"}]},
    ]
    await registrar_modelo(bancada, "fluxo", "POSITIONAL", componentes)
    pedido = envio("MODELO", {"parametros": {}}, modelo=modelo(*componentes, nome="fluxo"))
    assert (await meta.enviar(CONEXAO, pedido)).desfecho == "ACEITO"
    (botao,) = (await chegou(bancada))["template"]["components"]
    assert botao["parameters"][0]["action"] == {"flow_token": str(pedido.tentativa_id)}


@pytest.mark.parametrize(
    ("componentes", "esperado"),
    [
        ([{"type": "BODY", "text": "{{1}} {{2}}"}], 132000),
        ([{"type": "HEADER", "format": "IMAGE"}, TEXTO_1], 132012),
        ([TEXTO_1, {"type": "BUTTONS", "buttons": [{"type": "COPY_CODE"}]}], 132000),
        ([{"type": "BODY", "text": "x" * 1020 + "{{1}}"}], 132005),
    ],
)
async def test_modelo_que_mudou_no_provedor(
    bancada: Bancada, meta: Meta, componentes: list[dict[str, Any]], esperado: int
) -> None:
    """Negative control: the simulator does refuse what differs from the approved definition."""
    await registrar_modelo(bancada, "mudou", "POSITIONAL", componentes)
    aprovado = modelo(TEXTO_1, nome="mudou")
    resultado = await meta.enviar(CONEXAO, envio("MODELO", {"parametros": {"1": "Ana!!"}}, modelo=aprovado))
    assert (resultado.desfecho, resultado.codigo) == ("REJEITADO", esperado)


async def test_modelo_retido(bancada: Bancada, meta: Meta) -> None:
    await bancada.cenario(meta={"limit_mode": "hold"})
    await bancada.controle("PATCH", f"/meta/wabas/{WABA}", {"messaging_limit": 1})
    aprovado = modelo({"type": "BODY", "text": "x"}, nome="boas_vindas")
    situacoes = [
        (await meta.enviar(CONEXAO, envio("MODELO", {}, modelo=aprovado, para=para))).situacao
        for para in ("5511988880001", "5511988880002")
    ]
    assert situacoes == [None, "held_for_quality_assessment"]


@pytest.mark.parametrize(
    ("preparo", "mudar", "token", "numero", "esperado"),
    [
        ({}, {}, "token-errado", NUMERO, (401, 190, None)),
        ({}, {}, None, "999", (400, 100, 33)),
        ({"registered": False}, {}, None, NUMERO, (400, 133010, None)),
        ({"state": "locked"}, {}, None, NUMERO, (403, 131031, None)),
        ({}, {"para": "5511999999056"}, None, NUMERO, (400, 131056, None)),
        ({}, {"para": "5511999999021"}, None, NUMERO, (400, 131021, None)),
        ({}, {"para": "5511999999042"}, None, NUMERO, (400, 131042, None)),
        ({}, {"conteudo": {"texto": "x" * 4097}}, None, NUMERO, (400, 131009, None)),
        ({}, {"conteudo": {"texto": ""}}, None, NUMERO, (400, 131008, None)),
        ({}, {"para": "BR.X Y", "para_tipo": "BSUID"}, None, NUMERO, (400, 131009, None)),
        (
            {},
            {"tipo": "MODELO", "conteudo": {}, "modelo": modelo(nome="nao_existe")},
            None,
            NUMERO,
            (404, 132001, None),
        ),
    ],
)
async def test_recusas(
    bancada: Bancada,
    meta: Meta,
    preparo: dict[str, Any],
    mudar: dict[str, Any],
    token: str | None,
    numero: str,
    esperado: tuple[int, int, int | None],
) -> None:
    if preparo:
        await bancada.controle("PATCH", f"/meta/numbers/{NUMERO}", {**preparo, "silent": True})
    por = conexao(token, numero) if token else conexao(numero=numero)
    tudo = {"tipo": "TEXTO", "conteudo": {"texto": "oi"}, **mudar}
    resultado = await meta.enviar(por, envio(**tudo))
    assert resultado.desfecho == "REJEITADO"
    assert (resultado.http, resultado.codigo, resultado.subcodigo) == esperado
    # the provider's support asks for the trace
    pedidos = await bancada.controle("GET", "/requests?path=messages")
    assert pedidos and resultado.detalhe and resultado.detalhe.endswith("]") and "[-]" not in resultado.detalhe


@pytest.mark.parametrize(
    ("tipo", "conteudo", "mudar"),
    [
        ("DANCA", {}, {}),
        ("TEXTO", {}, {}),
        ("TEXTO", {"texto": "x", "negrito": True}, {}),
        ("TEXTO", {"texto": 3}, {}),
        ("TEXTO", {"texto": "x"}, {"para_tipo": "JID", "para": "5511988887777@s.whatsapp.net"}),
        ("TEXTO", {"texto": "x"}, {"para": "fulano"}),
        ("IMAGEM", {}, {}),
        ("IMAGEM", {"link": LINK, "midiaId": str(MIDIA_ID)}, {}),
        ("IMAGEM", {"midiaId": str(MIDIA_ID)}, {}),
        ("IMAGEM", {"midiaId": str(MIDIA_ID)}, {"midias": com_midia(None)}),
        ("IMAGEM", {"link": LINK, "nome": "a.jpg"}, {}),
        ("AUDIO", {"link": LINK, "legenda": "x"}, {}),
        ("VIDEO", {"link": LINK, "voz": True}, {}),
        ("BOTOES", {"texto": "x", "botoes": BOTOES, "cabecalho": {}}, {}),
        ("BOTOES", {"texto": "x", "botoes": BOTOES, "cabecalho": {"texto": "a", "tipo": "IMAGEM", "link": LINK}}, {}),
        ("LISTA", {"texto": "x", "botao": "y", "secoes": SECOES, "cabecalho": {"tipo": "IMAGEM", "link": LINK}}, {}),
        ("REACAO", {"emoji": "x"}, {}),
        ("MODELO", {"parametros": {}}, {}),
        ("MODELO", {"parametros": {}}, {"modelo": modelo(TEXTO_1)}),
        ("MODELO", {"parametros": {"1": ""}}, {"modelo": modelo(TEXTO_1)}),
        ("MODELO", {"parametros": {"1": {"tipo": "OUTRO"}}}, {"modelo": modelo(TEXTO_1)}),
        ("MODELO", {"parametros": {"1": "a", "2": "b"}}, {"modelo": modelo(TEXTO_1)}),
        ("MODELO", {"parametros": {"1": "a"}, "cabecalho": {"link": LINK}}, {"modelo": modelo(TEXTO_1)}),
        ("MODELO", {"parametros": {}}, {"modelo": modelo({"type": "CAROUSEL", "cards": []})}),
        ("MODELO", {"parametros": {}}, {"modelo": modelo({"type": "BUTTONS", "buttons": [{"type": "MPM"}]})}),
    ],
)
async def test_o_que_nao_se_sabe_dizer_nem_sai(
    bancada: Bancada, meta: Meta, tipo: str, conteudo: dict[str, Any], mudar: dict[str, Any]
) -> None:
    resultado = await meta.enviar(CONEXAO, envio(tipo, conteudo, **mudar))
    assert (resultado.desfecho, resultado.codigo) == ("NAO_ENVIADO", -1)
    assert await bancada.livro() == []


async def test_o_outro_numero_nao_alcanca_a_midia(bancada: Bancada, meta: Meta) -> None:
    await bancada.abrir_janela(PESSOA)
    midias = com_midia(await subir(bancada, b"GIF", "image/png"))
    resultado = await meta.enviar(conexao(numero=OUTRO), envio("IMAGEM", {"midiaId": str(MIDIA_ID)}, midias=midias))
    assert resultado.codigo == 131053


async def test_ritmo_do_numero(bancada: Bancada, meta: Meta) -> None:
    await bancada.controle("PATCH", f"/meta/numbers/{NUMERO}", {"burst": 1})
    for codigo in (None, 130429):
        assert (await meta.enviar(CONEXAO, envio("TEXTO", {"texto": "oi"}))).codigo == codigo


async def test_token_que_nao_cabe_num_cabecalho(bancada: Bancada, meta: Meta) -> None:
    """The connection is to blame, not the message: what it says must not be lost for it."""
    resultado = await meta.enviar(conexao("a\r\nb: c"), envio("TEXTO", {"texto": "oi"}))
    assert (resultado.desfecho, resultado.codigo) == ("REJEITADO", 190)
    assert await bancada.livro() == []
