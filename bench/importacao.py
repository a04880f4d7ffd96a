"""Import a CSV of 100,000 people through the product's own path; print one JSON line.

    python -m bench importacao

One row in a hundred is broken in one way or another. Counted from the bytes of the file to the bytes of the answer,
on a database that waits for the disk.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import resource
import time

from app.importacao.execucao import Opcoes, importar
from bench._cena_contatos import montar

_NOMES = ("Ana", "Bruno", "Célia", "Davi", "Élida", "Fábio", "Graça", "Hugo", "Iara", "João", "Kátia", "Luís")
_SOBRENOMES = ("Almeida", "Barros", "Conceição", "Dias", "Esteves", "Falcão", "Gonçalves", "Souza", "Silva", "Ávila")
_QUEBRADAS = ('"Sem fim;11999990000', "Curto;123;", "Coluna;11988887777;a;b;c;d", "E-mail;11977776666;torto;")


def arquivo(linhas: int) -> bytes:
    sorteio = random.Random(7)
    partes = ["nome;telefone;email;cidade"]
    for n in range(linhas):
        if n % 100 == 99:
            partes.append(sorteio.choice(_QUEBRADAS))
            continue
        nome = f"{sorteio.choice(_NOMES)} {sorteio.choice(_SOBRENOMES)} {n}"
        telefone = f"({sorteio.choice(('11', '21', '31', '81'))}) 9{8000 + n // 10000}-{n % 10000:04}"
        partes.append(f"{nome};{telefone};p{n}@exemplo.test;Cidade {n % 50}")
    return "\n".join(partes).encode()


async def medir(linhas: int) -> dict[str, object]:
    dados = arquivo(linhas)
    saida: dict[str, object] = {"bench": "importacao", "linhas": linhas, "bytes": len(dados)}
    async with montar() as cena:
        chamada = await cena.cliente("Importadora")
        antes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for rotulo, modo, prova in (
            ("criar", "IGNORAR", None),
            ("ignorar", "IGNORAR", None),
            ("atualizar", "ATUALIZAR", "ficha de adesão"),
        ):
            inicio = time.perf_counter()
            resposta = json.loads(await importar(chamada, dados, Opcoes(modo, [], prova)))
            saida[f"{rotulo}_s"] = round(time.perf_counter() - inicio, 1)
            saida[f"{rotulo}_totais"] = resposta["totais"]
        saida["memoria_a_mais_mb"] = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - antes) // 1024
    return saida


def main() -> None:
    opcoes = argparse.ArgumentParser()
    opcoes.add_argument("--linhas", type=int, default=100_000)
    print(json.dumps(asyncio.run(medir(opcoes.parse_args().linhas)), ensure_ascii=False))


if __name__ == "__main__":
    main()
