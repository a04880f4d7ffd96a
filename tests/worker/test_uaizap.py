"""UaiZap numbers against the simulated gateway: every kind of message, one at a time, losses and doubts resolved."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import msgspec
import pytest
from redis.asyncio import Redis

from app.banco import Banco
from app.credenciais import ConexaoAberta, CredenciaisMeta, CredenciaisUaizap, InstanciaAberta
from app.embutido import ServidorValkey
from app.limitador import FuncoesDoBanco, Limitador
from app.provedores.envio import Envio, Resultado
from app.provedores.midia import MidiaAusente, MidiaCorrompida, MidiaGrande
from app.provedores.uaizap import Uaizap
from app.provedores.uaizap_canal import CanalUaizap
from app.provedores.uaizap_gestao import UaizapGestao
from app.provedores.uaizap_midia import UaizapMidia
from app.simulador.servidor import Simulador
from app.worker.contexto import Contexto
from app.worker.laco import Laco
from tests import webhooks_uaizap as wu
from tests.sql import cenas
from tests.sql.cenas import Admin, Cena
from tests.worker.conftest import CHAVE, esperar

PESSOA = "5511988887777"


@dataclass
class Aparelho:
    """A paired device at the gateway and the connection that it is."""

    cena: Cena
    admin: Admin
    simulador: Simulador
    banco_worker: Banco
    valkey: ServidorValkey
    http: aiohttp.ClientSession
    id: str
    token: str

    @property
    def conexao(self) -> ConexaoAberta:
        instancia = InstanciaAberta(self.simulador.url_uaizap, "inst", None, CredenciaisUaizap(self.token))
        return ConexaoAberta(self.cena.conexao_id, "UAIZAP", 1, "", "", CredenciaisMeta(""), instancia)

    async def controle(self, metodo: str, caminho: str, corpo: Any = None) -> Any:
        url = f"{self.simulador.url_controle}/__sim/v1{caminho}"
        async with self.http.request(metodo, url, json=corpo, headers={"X-Sim-Key": CHAVE}) as resposta:
            assert resposta.status == 200, await resposta.text()
            return await resposta.json()

    async def achadas(self, **criterio: Any) -> list[dict[str, Any]]:
        async with self.http.post(
            f"{self.simulador.url_uaizap}/message/find", json=criterio, headers={"token": self.token}
        ) as resposta:
            dados: dict[str, Any] = await resposta.json()
            return list(dados["messages"])

    def escrever(self, telefone: str | None = None, *, texto: str = "olá", recebida: bool = True, **extra: Any) -> UUID:
        """A message that waits, to somebody new; `recebida`: who wrote to us before."""
        telefone = telefone or f"+55119{secrets.randbelow(10**8):08d}"
        contato = self.admin.execute(
            "insert into contatos (cliente_id, nome, telefone) values (%s, 'Pessoa', %s) returning id",
            [self.cena.cliente_id, telefone],
        ).fetchone()
        assert contato
        conversa = cenas.conversar(self.admin, self.cena, contato["id"])
        if recebida:
            self.admin.execute(
                "insert into mensagens (cliente_id, conversa_id, conexao_id, direcao, tipo, status, origem,"
                " ocorrido_em) values (%s, %s, %s, 'ENTRADA', 'TEXTO', 'RECEBIDA', 'CONTATO', now())",
                [self.cena.cliente_id, conversa, self.cena.conexao_id],
            )
        return cenas.escrever(self.admin, self.cena, conversa, texto, **extra)

    def ver(self, mensagem: UUID) -> dict[str, Any]:
        linha = self.admin.execute("select * from mensagens where id = %s", [mensagem]).fetchone()
        assert linha
        return linha

    async def ate(self, mensagem: UUID, status: str, prazo_s: float = 20) -> dict[str, Any]:
        async def chegou() -> bool:
            return self.ver(mensagem)["status"] == status  # type: ignore[no-any-return]

        await esperar(chegou, prazo_s)
        return self.ver(mensagem)

    @asynccontextmanager
    async def worker(self) -> AsyncIterator[Contexto]:
        dono = f"teste:{secrets.token_hex(4)}"
        redis = Redis.from_url(self.valkey.url, socket_timeout=None)
        limitador = Limitador(redis, FuncoesDoBanco(self.banco_worker), processo=dono)
        canal = CanalUaizap([self.simulador.url_uaizap])
        contexto = Contexto(
            dono,
            self.banco_worker,
            limitador,
            wu.COFRE,
            provedores={"UAIZAP": Uaizap(canal)},
            uaizap=UaizapGestao(canal),
        )
        await limitador.iniciar()
        tarefa = asyncio.create_task(Laco(contexto).correr())
        try:
            yield contexto
        finally:
            contexto.parar.set()
            await tarefa
            await limitador.encerrar()
            await canal.fechar()
            await redis.aclose()


@pytest.fixture
async def aparelho(
    admin: Admin,
    novo_cliente: Callable[..., Any],
    banco_worker: Banco,
    valkey: ServidorValkey,
    simulador: Simulador,
    http: aiohttp.ClientSession,
) -> Aparelho:
    sessao, token = await novo_cliente("Aparelho"), str(uuid4())
    numero = f"55119{secrets.randbelow(10**8):08d}"
    conexao_id = wu.conectar(admin, sessao.cliente_id, token=token, url_base=simulador.url_uaizap, numero=numero)
    aparelho = Aparelho(Cena(sessao, conexao_id, uuid4(), []), admin, simulador, banco_worker, valkey, http, "", token)
    criada = await aparelho.controle(
        "POST",
        "/uaizap/instances",
        {"name": f"inst-{secrets.token_hex(4)}", "token": token, "owner": numero, "state": "connected"},
    )
    aparelho.id = criada["id"]
    return aparelho


def envio(tipo: str, conteudo: dict[str, Any], para: str = PESSOA, para_tipo: Any = "TELEFONE", **extra: Any) -> Envio:
    return Envio(
        id=uuid4(),
        cerca=1,
        tentativa_id=uuid4(),
        alvo_id=uuid4(),
        alvo_tipo="MENSAGEM",
        para=para,
        para_tipo=para_tipo,
        tipo=tipo,
        conteudo=conteudo,
        **extra,
    )


@asynccontextmanager
async def provedor(aparelho: Aparelho) -> AsyncIterator[Uaizap]:
    canal = CanalUaizap([aparelho.simulador.url_uaizap])
    yield Uaizap(canal)
    await canal.fechar()


# -- the provider


@pytest.mark.parametrize(
    ("tipo", "conteudo", "message_type"),
    [
        ("TEXTO", {"texto": "olá", "previa": True}, "ExtendedTextMessage"),
        ("IMAGEM", {"link": "https://exemplo.test/a.jpg", "legenda": "foto"}, "ImageMessage"),
        ("VIDEO", {"link": "https://exemplo.test/a.mp4"}, "VideoMessage"),
        ("DOCUMENTO", {"link": "https://exemplo.test/a.pdf", "nome": "nota.pdf"}, "DocumentMessage"),
        ("AUDIO", {"link": "https://exemplo.test/a.ogg", "voz": True}, "AudioMessage"),
        ("FIGURINHA", {"link": "https://exemplo.test/a.webp"}, "StickerMessage"),
        ("BOTOES", {"texto": "?", "botoes": [{"id": "s", "titulo": "Sim"}]}, "ButtonsMessage"),
        (
            "LISTA",
            {"texto": "?", "botao": "Ver", "secoes": [{"titulo": "A", "linhas": [{"id": "1", "titulo": "Um"}]}]},
            "ListMessage",
        ),
        ("LINK", {"texto": "veja", "rotulo": "Abrir", "url": "https://exemplo.test"}, "ButtonsMessage"),
        ("LOCALIZACAO", {"latitude": -19.9, "longitude": -43.9, "nome": "Loja"}, "LocationMessage"),
        ("CONTATOS", {"contatos": [{"nome": "Dora", "telefones": [{"telefone": "+5511999990044"}]}]}, "ContactMessage"),
    ],
)
async def test_cada_tipo_sai(aparelho: Aparelho, tipo: str, conteudo: dict[str, Any], message_type: str) -> None:
    async with provedor(aparelho) as uaizap:
        pedido = envio(tipo, conteudo)
        resultado = await uaizap.enviar(aparelho.conexao, pedido)
    assert resultado.desfecho == "ACEITO", resultado
    assert resultado.wa_id and resultado.wa_id.endswith("@s.whatsapp.net")
    (achada,) = await aparelho.achadas(track_id=str(pedido.tentativa_id))
    assert (achada["messageid"], achada["messageType"]) == (resultado.id_externo, message_type)
    assert achada["track_source"] == "balcao"


async def test_reacao_e_resposta(aparelho: Aparelho) -> None:
    async with provedor(aparelho) as uaizap:
        primeira = await uaizap.enviar(aparelho.conexao, envio("TEXTO", {"texto": "oi"}))
        resposta = envio("TEXTO", {"texto": "de novo"}, contexto=primeira.id_externo)
        assert (await uaizap.enviar(aparelho.conexao, resposta)).desfecho == "ACEITO"
        reacao = envio(
            "REACAO", {"alvoIdExterno": primeira.id_externo, "emoji": "👍"}, primeira.wa_id or "", para_tipo="JID"
        )
        assert (await uaizap.enviar(aparelho.conexao, reacao)).desfecho == "ACEITO"
    (achada,) = await aparelho.achadas(track_id=str(resposta.tentativa_id))
    assert achada["quoted"] == primeira.id_externo


@pytest.mark.parametrize(
    ("pedido", "esperado"),
    [
        (envio("MODELO", {"parametros": {}}), ("REJEITADO", 1451)),
        (envio("LINK", {"texto": "x", "rotulo": "y", "url": "https://a.test/{{name}}"}), ("REJEITADO", 1450)),
        (envio("BOTOES", {"texto": "?", "botoes": [{"id": "https://x", "titulo": "a"}]}), ("REJEITADO", 1452)),
        (envio("IMAGEM", {"midiaId": str(uuid4())}), ("REJEITADO", 1452)),
        (envio("TEXTO", {"texto": "x"}, "5511999999026"), ("REJEITADO", 1441)),
    ],
)
async def test_o_que_nao_sai(aparelho: Aparelho, pedido: Envio, esperado: tuple[str, int]) -> None:
    async with provedor(aparelho) as uaizap:
        resultado = await uaizap.enviar(aparelho.conexao, pedido)
    assert (resultado.desfecho, resultado.codigo) == esperado
    assert await aparelho.achadas(track_id=str(pedido.tentativa_id)) == []


async def test_chaves_duplas_saem_como_foram_escritas(aparelho: Aparelho) -> None:
    async with provedor(aparelho) as uaizap:
        pedido = envio("TEXTO", {"texto": "use {{name}} e {{{first_name}}}"})
        assert (await uaizap.enviar(aparelho.conexao, pedido)).desfecho == "ACEITO"
    (achada,) = await aparelho.achadas(track_id=str(pedido.tentativa_id))
    assert achada["text"].replace("\u2060", "") == "use {{name}} e {{{first_name}}}"


async def test_transporte(aparelho: Aparelho) -> None:
    fora = msgspec.structs.replace(
        aparelho.conexao, instancia=InstanciaAberta("http://127.0.0.1:9", "", None, CredenciaisUaizap("t"))
    )
    proibida = msgspec.structs.replace(
        aparelho.conexao, instancia=InstanciaAberta("http://10.1.2.3:80", "", None, CredenciaisUaizap("t"))
    )
    pedido = envio("TEXTO", {"texto": "x"}, "5511988887777@s.whatsapp.net", para_tipo="JID")
    canal = CanalUaizap(["http://127.0.0.1:9"])
    try:
        assert (await Uaizap(canal).enviar(fora, pedido)).desfecho == "NAO_ENVIADO"
        recusada = await Uaizap(canal).enviar(proibida, pedido)
        assert (recusada.desfecho, recusada.codigo) == ("REJEITADO", 1490)
    finally:
        await canal.fechar()


class Balde(list[bytes]):
    """A destination in memory."""

    def write(self, dados: bytes, /) -> None:
        self.append(dados)


async def test_baixa_a_midia_recebida(aparelho: Aparelho) -> None:
    chegou = {
        "provider": "uaizap",
        "to_number": aparelho.id,
        "from": PESSOA,
        "type": "image",
        "content": {"caption": "foto"},
    }
    recebida = await aparelho.controle("POST", "/inbound", chegou)
    canal = CanalUaizap([aparelho.simulador.url_uaizap])
    try:
        midia, balde = UaizapMidia(canal), Balde()
        achada = await midia.descobrir_midia(aparelho.conexao, recebida["message_id"])
        baixada = await midia.baixar_midia(aparelho.conexao, achada.url, balde, 1_000_000)
        assert baixada.tamanho == len(balde[0]) > 0
        with pytest.raises(MidiaGrande):
            await midia.baixar_midia(aparelho.conexao, achada.url, Balde(), 1)
        with pytest.raises(MidiaCorrompida):
            await midia.baixar_midia(aparelho.conexao, achada.url, Balde(), 1_000_000, b"0" * 32)
        with pytest.raises(MidiaAusente):
            await midia.baixar_midia(aparelho.conexao, "3EB0NENHUMA", Balde(), 1_000_000)
    finally:
        await canal.fechar()


# -- the worker


async def test_envia_e_aprende_o_jid(aparelho: Aparelho) -> None:
    mensagem = aparelho.escrever()
    async with aparelho.worker():
        enviada = await aparelho.ate(mensagem, "ENVIADO")
    assert enviada["id_externo"].startswith("3EB0")
    jids = aparelho.admin.execute(
        "select tipo from contatos_identidades where cliente_id = %s", [aparelho.cena.cliente_id]
    ).fetchall()
    assert jids == [{"tipo": "JID"}]


async def test_um_de_cada_vez_com_espaco(aparelho: Aparelho) -> None:
    mensagens = [aparelho.escrever() for _ in range(3)]
    async with aparelho.worker():
        for mensagem in mensagens:
            await aparelho.ate(mensagem, "ENVIADO")
    # by the intents: when an answer is written down depends on how busy this machine is
    linhas = aparelho.admin.execute(
        "select iniciada_em, terminada_em from tentativas where cliente_id = %s order by iniciada_em",
        [aparelho.cena.cliente_id],
    ).fetchall()
    assert all(b["iniciada_em"] >= a["terminada_em"] for a, b in pairwise(linhas)), "one in flight"
    horas = [x["iniciada_em"] for x in linhas]
    espacos = [(b - a).total_seconds() for a, b in pairwise(horas)]
    assert min(espacos) >= 1.0, "a person's answers are at least a second apart"


async def test_463_so_segura_conversas_novas(aparelho: Aparelho) -> None:
    nova = aparelho.escrever("+5511999999463", recebida=False)
    async with aparelho.worker():

        async def suspensa() -> bool:
            linha = aparelho.admin.execute(
                "select novas_suspensas_ate > now() as s from conexoes_instancias where conexao_id = %s",
                [aparelho.cena.conexao_id],
            ).fetchone()
            return bool(linha and linha["s"])

        await esperar(suspensa)
        outra_nova = aparelho.escrever(recebida=False)
        telefone = f"55119{secrets.randbelow(10**8):08d}"
        chegou = {"provider": "uaizap", "to_number": aparelho.id, "from": telefone, "type": "text", "content": "oi"}
        await aparelho.controle("POST", "/inbound", chegou)
        conhecida = aparelho.escrever(f"+{telefone}")
        await aparelho.ate(conhecida, "ENVIADO")
    for mensagem in (nova, outra_nova):
        lida = aparelho.ver(mensagem)
        assert lida["status"] in ("PENDENTE", "RESERVADO")
    assert aparelho.ver(outra_nova)["motivo"] == "NOVAS_CONVERSAS_PARADAS"


async def test_fora_do_whatsapp_falha_e_fica_sabido(aparelho: Aparelho) -> None:
    mensagem = aparelho.escrever("+5511999999026")
    async with aparelho.worker():
        falhou = await aparelho.ate(mensagem, "FALHOU")
    assert (falhou["motivo"], falhou["erro_codigo"]) == ("CONTACT", 1441)


async def test_queda_do_aparelho_segura_a_fila_e_a_volta_a_solta(aparelho: Aparelho) -> None:
    await aparelho.controle(
        "POST", f"/uaizap/instances/{aparelho.id}/drop", {"reason": "connection lost", "reconnect_s": 2}
    )
    mensagem = aparelho.escrever()
    async with aparelho.worker():

        async def parada() -> bool:
            linha = aparelho.admin.execute(
                "select status from conexoes where id = %s", [aparelho.cena.conexao_id]
            ).fetchone()
            return bool(linha and linha["status"] == "ERRO")

        await esperar(parada)
        await asyncio.sleep(2.2)
        aparelho.admin.execute(
            "select interno.instancia_consultar(%(c)s, %(x)s, now())",
            {"c": aparelho.cena.cliente_id, "x": aparelho.cena.conexao_id},
        )
        await aparelho.ate(mensagem, "ENVIADO")


async def test_duvida_que_a_busca_resolve(aparelho: Aparelho) -> None:
    await aparelho.controle(
        "POST",
        "/faults",
        {
            "stage": "post_accept",
            "provider": "uaizap",
            "limit": 1,
            "action": {"kind": "reset"},
            "match": {"path": "/send/text"},
        },
    )
    mensagem = aparelho.escrever()
    async with aparelho.worker():
        await aparelho.ate(mensagem, "INCERTO")
        trabalho = aparelho.admin.execute(
            "update fila set executar_em = now() where cliente_id = %s and tipo = 'envio_reconciliar' returning id",
            [aparelho.cena.cliente_id],
        ).fetchall()
        assert len(trabalho) == 1
        achada = await aparelho.ate(mensagem, "ENVIADO")
    assert achada["id_externo"]


def test_resultado_diz_ate_quando() -> None:
    corpo = json.loads(msgspec.json.encode(Resultado("REJEITADO", http=500)))
    assert "suspensoAte" not in corpo
