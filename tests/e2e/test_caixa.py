"""Small things of the inbox that people meet while they work: what is said twice, what is lost, what is in the way."""

from __future__ import annotations

import re

from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import CriarJanela
from tests.e2e.produto import Empresa, esperar


def _nova(empresa: Empresa, telefone: str, nome: str) -> str:
    empresa.dono.pedir("POST", "/api/contatos", json={"nome": nome, "telefone": telefone})
    empresa.receber(f"Olá, aqui é {nome}", de=telefone)
    return empresa.conversa_com(telefone)


def _abrir(pagina: Page, conversa: str, aba: str = "todas") -> None:
    pagina.goto(f"/conversas/{conversa}?aba={aba}")
    expect(pagina.locator("#fio-corpo")).to_have_attribute("data-js", "")
    # what comes with the first gesture is there
    pagina.mouse.move(300, 300)
    pagina.wait_for_function("() => window.htmx")


def _retida(pagina: Page, retidas: list[Route]) -> Route:
    def alguma() -> bool:
        pagina.wait_for_timeout(50)
        return bool(retidas)

    esperar(alguma)
    return retidas.pop()


def test_a_etiqueta_do_contato_e_da_conversa_se_mostra_uma_vez(janela: CriarJanela, empresa: Empresa) -> None:
    conversa = _nova(empresa, "+5511987653001", "Etelvina Marcada")
    dono = empresa.dono
    etiquetas = [
        dono.pedir("POST", "/api/etiquetas", json={"nome": n, "cor": "VERDE"})["id"] for n in ("Nas duas", "Só nela")
    ]
    contato = dono.pedir("GET", f"/api/conversas/{conversa}")["contato"]["id"]
    dono.pedir("POST", "/api/contatos/etiquetas", json={"contatoIds": [contato], "adicionar": etiquetas[:1]})
    dono.pedir("POST", f"/api/conversas/{conversa}/etiquetas", json={"adicionar": etiquetas})
    pagina = janela().abrir(dono, f"/conversas/{conversa}?aba=todas")
    expect(pagina.locator("#resumo .pilula", has_text="Nas duas")).to_have_count(1)
    expect(pagina.locator("#resumo .pilula", has_text="Só nela")).to_have_count(1)


def test_quem_perde_a_corrida_le_com_quem_ficou(janela: CriarJanela, empresa: Empresa) -> None:
    ana, bruno = empresa.contratar("Ana Veloz"), empresa.contratar("Bruno Tarde")
    conversa = _nova(empresa, "+5511987653002", "Dirce Disputada")
    pagina = janela().entrar(bruno)
    _abrir(pagina, conversa, "fila")
    retidas: list[Route] = []
    pagina.route(re.compile("/ato/assumir"), lambda rota: retidas.append(rota))
    pagina.locator("#topo").get_by_role("button", name="Assumir").click()
    atrasada = _retida(pagina, retidas)
    ana.pedir("POST", f"/api/conversas/{conversa}/assumir", json={})
    atrasada.continue_()
    expect(pagina.locator("#fio")).to_contain_text("Esta conversa foi para outra pessoa")
    dialogo = pagina.get_by_role("dialog", name="Alguém assumiu antes")
    expect(dialogo).to_contain_text("Ana Veloz está atendendo esta conversa")
    # and there is more to do than to close it
    outra = _nova(empresa, "+5511987653003", "Elza Seguinte")
    dialogo.get_by_role("button", name="Próximo atendimento").click()
    expect(pagina.locator("#topo")).to_contain_text("com Bruno Tarde")
    assert outra


def _erros(pagina: Page) -> list[str]:
    """What the browser writes on the console, refusals too, which windows forgive."""
    ditos: list[str] = []
    pagina.on("console", lambda recado: ditos.append(recado.text) if recado.type == "error" else None)
    return ditos


def test_conversa_que_vai_embora_nao_suja_o_console(janela: CriarJanela, empresa: Empresa) -> None:
    carla = empresa.contratar("Carla Sai")
    conversa = _nova(empresa, "+5511987653004", "Fábio Levado")
    carla.pedir("POST", f"/api/conversas/{conversa}/assumir", json={})
    pagina = janela().entrar(carla)
    erros = _erros(pagina)
    _abrir(pagina, conversa)
    pagina.get_by_label("Mensagem para").fill("quase pronta")
    empresa.dono.pedir("POST", f"/api/conversas/{conversa}/assumir", json={"tomar": True})
    expect(pagina.get_by_text("Esta conversa não está mais com você.")).to_be_visible()
    # whoever looks goes on being asked for, and the answer is that nobody does
    with pagina.expect_response(lambda r: r.url.endswith(f"{conversa}/presenca"), timeout=30_000) as resposta:
        pass
    assert resposta.value.status == 200
    assert erros == []
    # and it comes back
    empresa.dono.pedir("POST", f"/api/conversas/{conversa}/transferir", json={"usuarioId": carla.id})
    expect(pagina.get_by_text("Esta conversa não está mais com você.")).to_have_count(0)
    expect(pagina.get_by_label("Mensagem para")).to_be_editable()
    assert erros == []


def test_sem_rede_nada_se_pede_e_a_faixa_abre_com_o_texto(janela: CriarJanela, empresa: Empresa) -> None:
    conversa = _nova(empresa, "+5511987653005", "Gilda Sem Rede")
    aberta = janela(esperados=("net::ERR",))
    pagina = aberta.entrar(empresa.dono)
    _abrir(pagina, conversa)
    faixa = pagina.locator("#ligacao")
    expect(faixa).to_be_hidden()
    # what is on screen whenever the strip is: never an empty one
    pagina.evaluate(
        "() => { window.vazias = 0; new ResizeObserver(([f]) => { if (f.contentRect.height && !f.target.textContent)"
        " window.vazias += 1; }).observe(document.querySelector('#ligacao')); }"
    )
    aberta.contexto.set_offline(True)
    expect(faixa).to_contain_text("Sem conexão. Mostrando dados de")
    # the composer stays where it can be reached
    expect(pagina.locator("#enviar")).to_be_in_viewport(ratio=1)
    pagina.wait_for_timeout(500)  # what was under way when the line was cut
    pedidos: list[str] = []
    pagina.on("request", lambda pedido: pedidos.append(pedido.url))
    pagina.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    pagina.wait_for_timeout(6000)  # longer than any of the retries
    assert pedidos == []
    aberta.contexto.set_offline(False)
    empresa.receber("veio depois", de="+5511987653005")
    expect(pagina.locator("#rolo .msg", has_text="veio depois")).to_be_visible()
    expect(faixa).to_be_hidden()
    assert pagina.evaluate("() => window.vazias") == 0
