"""`make bench`: every measurement in this folder, one JSON line each."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path


def main() -> None:
    pedidos = sys.argv[1:]
    for arquivo in sorted(Path(__file__).parent.glob("[a-z]*.py")):
        if not pedidos or arquivo.stem in pedidos:
            sys.argv = [arquivo.name]
            runpy.run_path(str(arquivo), run_name="__main__")


if __name__ == "__main__":
    main()
