"""A store behind TLS: spoken to only if its certificate, and ours, are good."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tls_door import make_certificate, tls_door

from collector.errors import StorageError
from collector.storage.engine import open_store

pytestmark = pytest.mark.server
Pair = tuple[Path, Path]


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> tuple[Pair, Pair]:
    """The door's certificate and a client's."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is missing: it makes the certificates")
    directory = tmp_path_factory.mktemp("certificates")
    return make_certificate(directory, "door"), make_certificate(directory, "client")


@pytest.fixture
def address(clickhouse_url: str, certificates: tuple[Pair, Pair]) -> Iterator[str]:
    """The server behind a door that lets in who shows the client's certificate."""
    door, client = certificates
    with tls_door(clickhouse_url, door, asks_for=client[0]) as port:
        yield f"https://127.0.0.1:{port}{urlsplit(clickhouse_url).path}"


@pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")
def test_a_server_is_spoken_to_over_tls_with_certificates_of_both(
    address: str, certificates: tuple[Pair, Pair]
) -> None:
    door, client = certificates
    ours = f"client_cert={client[0]}&client_key={client[1]}"
    store = open_store(f"{address}?ca_cert={door[0]}&{ours}")
    assert store.describe()["engine"] == "clickhouse"
    store.close()
    store = open_store(f"{address}?verify=no&{ours}")
    store.close()


def test_a_certificate_of_nobody_known_is_refused(
    address: str, certificates: tuple[Pair, Pair]
) -> None:
    _, client = certificates
    ours = f"client_cert={client[0]}&client_key={client[1]}"
    with pytest.raises(StorageError, match="no ClickHouse server answers"):
        open_store(f"{address}?{ours}")


def test_settings_of_the_address_reach_every_statement(clickhouse_url: str) -> None:
    store = open_store(f"{clickhouse_url}?setting.max_result_rows=7")
    with store.handle("read") as client:
        assert client.command("SELECT getSetting('max_result_rows')") == 7
    store.close()


def test_a_cluster_that_the_server_does_not_know_is_refused(
    clickhouse_url: str,
) -> None:
    with pytest.raises(StorageError, match="no cluster 'nowhere'"):
        open_store(f"{clickhouse_url}?cluster=nowhere")


def test_users_sql_is_asked_as_a_user_of_its_own(clickhouse_url: str) -> None:
    given = f"{clickhouse_url}?setting.log_comment=readers"
    store = open_store(clickhouse_url, sql_url=given)
    for purpose, comment in (("sql", "readers"), ("read", "")):
        with store.handle(purpose) as client:  # type: ignore[arg-type]
            assert client.command("SELECT getSetting('log_comment')") == comment
    store.close()
