"""What a store's address may say, and what is refused by its name."""

import ssl
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from small_server import Silent, serving

from collector.errors import StorageError
from collector.keys_commands import keys
from collector.storage.engine import open_store
from collector.storage.location import LOCK_NAME, DirectoryLock, parse_store_url

SERVER = "http://u:p%40ss@db:8123/tracer"


def test_a_servers_address_says_cluster_tls_and_settings(tmp_path: Path) -> None:
    for name in ("ca.pem", "cert.pem", "key.pem"):
        (tmp_path / name).touch()
    where = parse_store_url(
        f"clickhouses://u:p%40ss@db/tracer?cluster=main&verify=no"
        f"&ca_cert={tmp_path}/ca.pem&client_cert={tmp_path}/cert.pem"
        f"&client_key={tmp_path}/key.pem&setting.max_memory_usage=1000"
    )
    arguments = where.client_arguments()
    assert (arguments["port"], arguments["secure"], arguments["verify"]) == (
        8443,
        True,
        False,
    )
    assert arguments["ca_cert"] == f"{tmp_path}/ca.pem"
    assert arguments["client_cert"] == f"{tmp_path}/cert.pem"
    assert arguments["client_cert_key"] == f"{tmp_path}/key.pem"
    assert where.options.settings == {"max_memory_usage": "1000"}
    assert str(where) == "https://db:8443/tracer?cluster=main"
    assert "p@ss" not in repr(where)


def test_secure_turns_tls_on_whatever_the_scheme() -> None:
    where = parse_store_url("clickhouse://db/tracer?secure=yes")
    assert (where.secure, where.port) == (True, 8443)
    assert parse_store_url("clickhouse://db/tracer").secure is False


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("clutser=main", "'clutser'"),
        ("cluster=", "cluster=''"),
        ("cluster=a'b", 'cluster="a\'b"'),
        ("cluster=a&cluster=b", "'cluster' twice"),
        ("cluster=a&replicated=maybe", "replicated='maybe'"),
        ("replicated=no", "add cluster=NAME"),
        ("verify=perhaps", "verify='perhaps'"),
        ("ca_cert=/nowhere/ca.pem", "ca_cert='/nowhere/ca.pem'"),
        (f"client_key={ssl.__file__}", "client_cert"),
        ("setting.max threads=1", "setting 'max threads'"),
    ],
)
def test_what_cannot_be_is_refused_by_its_name(query: str, named: str) -> None:
    with pytest.raises(StorageError) as caught:
        parse_store_url(f"{SERVER}?{query}")
    assert named in str(caught.value)
    assert "p@ss" not in str(caught.value)


def test_a_scheme_that_contradicts_secure_is_refused() -> None:
    with pytest.raises(StorageError, match="secure=no"):
        parse_store_url("https://db/tracer?secure=no")


def test_a_directory_takes_no_parameters() -> None:
    with pytest.raises(StorageError, match="'cluster=main'"):
        parse_store_url("chdb:///data?cluster=main")


def test_a_directory_is_not_cut_at_a_number_sign() -> None:
    """Another directory was made, and its store was empty."""
    with pytest.raises(StorageError, match="'#' as %23"):
        parse_store_url("chdb:///data/team #1")
    assert parse_store_url("chdb:///data/team %231").path.name == "team #1"


@given(st.text(min_size=1, max_size=40))
def test_any_query_is_read_or_refused_without_the_password(query: str) -> None:
    try:
        parse_store_url(f"http://u:s3cr3t-pw@db/tracer?{query}")
    except StorageError as error:
        assert "s3cr3t-pw" not in str(error)


def test_the_directory_of_a_new_store_is_for_its_owner_alone(tmp_path: Path) -> None:
    """Everybody on the machine could read all prompts and answers."""
    new = tmp_path / "above" / "store"
    DirectoryLock(new).release()
    modes = [path.stat().st_mode & 0o777 for path in (new, new / LOCK_NAME)]
    assert [oct(mode) for mode in modes] == ["0o700", "0o600"]


def test_the_directory_that_somebody_made_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o750)
    DirectoryLock(tmp_path).release()
    assert oct(tmp_path.stat().st_mode & 0o777) == "0o750"


def test_a_server_that_is_not_there_is_told_in_a_few_words() -> None:
    with pytest.raises(StorageError) as told:
        open_store("http://127.0.0.1:1/tracer")
    message = str(told.value)
    assert "no ClickHouse server answers at http://127.0.0.1:1/tracer" in message
    assert "(Connection refused); is it running?" in message


class Locked(Silent):
    """Refuses every log-in, in the words of ClickHouse."""

    def do_POST(self) -> None:
        said = b"Code: 516. DB::Exception: kim: Authentication failed: password is "
        said += (
            b"incorrect, or there is no user with such name. (AUTHENTICATION_FAILED)"
        )
        self.send_response(403)
        self.send_header("x-clickhouse-exception-code", "516")
        self.send_header("content-length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    do_GET = do_POST


def test_a_log_in_that_a_server_refuses_is_told_as_that() -> None:
    """It was said that no server answers, at another database, while it ran."""
    with serving(Locked) as url:
        store = url.replace("//", "//kim:s3cr3t-pw@") + "/calls"
        told = CliRunner().invoke(keys, ["list", "--store", store])
    assert told.exit_code == 1
    at = f"the ClickHouse server at {url}/calls refuses the log-in of user 'kim'"
    assert f"{at}: user or password are wrong" in told.output
    assert "s3cr3t-pw" not in told.output
    assert "--store" not in told.output
