"""What a handler of the gateway gets: the world, the request and the instance its token named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.simulador.http import Pedido
from app.simulador.mundo import Mundo
from app.simulador.uaizap.conteudo import Corpo, texto_de
from app.simulador.uaizap.erros import Recusado, desconectada
from app.simulador.uaizap.estado import Instancia, Mensagem, Servidor
from app.simulador.uaizap.pessoas import usuario_de


@dataclass(frozen=True, slots=True)
class Contexto:
    mundo: Mundo
    pedido: Pedido
    inst: Instancia
    corpo: Corpo

    @property
    def agora(self) -> int:
        return self.mundo.relogio.agora()

    def texto(self, campo: str, aviso: str = "Missing required fields") -> str:
        return texto_de(self.corpo, campo, aviso)

    def usuario(self, campo: str = "number") -> str:
        usuario = usuario_de(self.mundo, self.texto(campo))
        if not usuario:
            raise Recusado(400, "request", "invalid number")
        return usuario

    def mensagem(self) -> Mensagem:
        achada = self.inst.achar(self.texto("id"), self.agora)
        if achada is None:
            raise Recusado(404, "not_found", "message not found")
        return achada

    def exigir_conexao(self) -> None:
        if not self.inst.conectada:
            raise desconectada()


@dataclass(frozen=True, slots=True)
class ContextoAdmin:
    mundo: Mundo
    servidor: Servidor
    corpo: Corpo


Tratador = Callable[[Contexto], object]
TratadorAdmin = Callable[[ContextoAdmin], object]
