"""Who comes in, by which key, and what it may do."""

import base64

import pytest

from collector.access import EVERYTHING, SCOPES, Access, Denied, Doorkeeper


def basic(key: str) -> str:
    return "Basic " + base64.b64encode(f"public:{key}".encode()).decode()


@pytest.mark.parametrize(
    "authorization", ["Bearer k:1 열쇠", "bearer  k:1 열쇠 ", basic("k:1 열쇠")]
)
def test_the_key_of_the_environment_may_do_everything(authorization: str) -> None:
    doorkeeper = Doorkeeper(api_key="k:1 열쇠")
    header = authorization.encode().decode("latin-1")
    access = doorkeeper.admit(header, peer="127.0.0.1")
    assert (access.project, access.scopes) == (None, frozenset(SCOPES))


@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer ", "Bearer k-2", "k-1", "Digest k-1", "Basic k-1"],
)
def test_nothing_else_comes_in(authorization: str | None) -> None:
    with pytest.raises(Denied) as denied:
        Doorkeeper(api_key="k-1").admit(authorization, peer="127.0.0.1")
    assert (denied.value.status, denied.value.code) == (401, "unauthorized")
    assert "k-2" not in f"{denied.value} {denied.value.hint}"


def test_without_a_key_there_is_no_login() -> None:
    assert Doorkeeper(api_key="").admit(None, peer="127.0.0.1") is EVERYTHING


def test_a_missing_scope_is_named() -> None:
    access = Access("k", None, frozenset({"read", "ingest"}))
    access.require("read")
    with pytest.raises(Denied, match="no scope 'edit', only ingest, read") as denied:
        access.require("edit")
    assert (denied.value.status, denied.value.code) == (403, "forbidden")
