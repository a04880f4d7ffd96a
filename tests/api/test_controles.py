"""Negative controls of T20: with the rule broken, the figures of test_autenticacao must be missed.

Each control replaces one function of this module's own database by the naive version of the predecessor.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Any

import httpx
import psycopg

from tests.conftest import SENHA, Sessao

BASE = "/api/autenticacao"
_LER_E_DEPOIS_GRAVAR = """
create or replace function interno.tentativa_contar(p_chave text, p_limite integer) returns integer
language plpgsql volatile security invoker set search_path = '' as $$
declare
    v_chave bytea := sha256(convert_to(p_chave, 'UTF8'));
    v_tentativas integer := (select t.tentativas from public.tentativas_login as t where t.chave = v_chave);
begin
    perform pg_sleep(0.02);
    insert into public.tentativas_login as t (chave, tentativas, janela_desde)
    values (v_chave, 1, now())
    on conflict (chave) do update set tentativas = coalesce(v_tentativas, 0) + 1;
    return case when v_tentativas >= p_limite then 60 else 0 end;
end $$
"""
_COMPARAR_E_DEPOIS_TROCAR = """
create or replace function api.sessao_renovar(
    p_cliente_id uuid, p_renovacao_hash bytea, p_novo_acesso_hash bytea, p_nova_renovacao_hash bytea
) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
    v_id uuid;
begin
    perform interno.contexto_trabalho(p_cliente_id);
    select s.id into v_id from public.sessoes as s
    where s.cliente_id = p_cliente_id and s.renovacao_hash = p_renovacao_hash;
    if not found then
        return interno.recusa('ZAI02', 'a sessão terminou: entre de novo');
    end if;
    perform pg_sleep(0.02);
    update public.sessoes as s set acesso_hash = p_novo_acesso_hash, renovacao_hash = p_nova_renovacao_hash
    where s.cliente_id = p_cliente_id and s.id = v_id;
    return jsonb_build_object('clienteId', p_cliente_id, 'expiraEm', now(), 'renovacaoExpiraEm', now());
end $$
"""


async def test_contador_lido_e_depois_gravado_deixa_passar(
    cliente_de: Callable[[str], httpx.AsyncClient], ana: Sessao, admin: psycopg.Connection[dict[str, Any]]
) -> None:
    admin.execute(_LER_E_DEPOIS_GRAVAR)
    # from many sources: from one, the row of the source would put the guesses in line by accident
    respostas = await asyncio.gather(
        *(
            cliente_de(f"10.9.9.{i}").post(f"{BASE}/entrar", json={"email": ana.email, "senha": f"chute {i}"})
            for i in range(50)
        )
    )
    assert Counter(r.status_code for r in respostas)[401] > 10


async def test_renovacao_sem_comparar_e_trocar_da_varios_sucessos(
    cliente_http: httpx.AsyncClient, bia: Sessao, admin: psycopg.Connection[dict[str, Any]]
) -> None:
    admin.execute(_COMPARAR_E_DEPOIS_TROCAR)
    entrada = await cliente_http.post(f"{BASE}/entrar", json={"email": bia.email, "senha": SENHA})
    token = entrada.json()["dados"]["refreshToken"]
    respostas = await asyncio.gather(
        *(cliente_http.post(f"{BASE}/renovar", json={"refreshToken": token}) for _ in range(50))
    )
    assert Counter(r.status_code for r in respostas)[200] > 1
