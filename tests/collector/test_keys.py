"""Keys in the store, over HTTP, and by the command line."""

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from guarded import ADMIN, PYTHON, Guarded, guarded_collector
from processes import wait_until

from collector.access.keyring import KeyRing
from collector.access.keys import NewKey, expiry, new_key
from collector.access.rights import Denied, Doorkeeper
from collector.api.refusals import Refusal
from collector.errors import StorageError
from collector.storage.engine import Store
from collector.storage.keys import add_key, note_used, read_keys, revoke_key
from tracer.client import Client

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def admitted(ring: KeyRing, text: str) -> bool:
    keeper = Doorkeeper(api_key="", keys=ring, needs_key=True)
    try:
        keeper.admit(f"Bearer {text}", peer="")
    except Denied:
        return False
    return True


def test_a_key_is_stored_without_its_secret(store: Store) -> None:
    expires = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    new = NewKey("bot", ("ingest", "read"), "support-bot", expires)
    made, text = add_key(store, new, author="me")
    (found,) = [key for key in read_keys(store) if key.id == made.id]
    assert (found.name, found.scopes, found.project) == new_parts(new)
    assert (found.expires, found.created_by, found.revoked) == (expires, "me", None)
    secret = text.rpartition("_")[2]
    with store.handle("read") as client:
        table = client.raw_query("SELECT * FROM access_keys", fmt="TSV")
    assert made.id.encode() in table
    assert secret.encode() not in table
    assert found.secret_digest.hex() not in json.dumps(found.shown(NOW))


def new_parts(new: NewKey) -> tuple[str, tuple[str, ...], str | None]:
    return new.name, new.scopes, new.project


def test_what_another_process_makes_and_revokes_counts_at_the_next_reading(
    store: Store,
) -> None:
    ring = KeyRing(store)
    made, text = add_key(store, NewKey("x", ("read",)), author="")
    assert not admitted(ring, text)
    ring.refresh()
    assert admitted(ring, text)
    revoke_key(store, made.id, author="")
    ring.refresh()
    assert not admitted(ring, text)


def test_the_ring_reads_by_itself(store: Store) -> None:
    ring = KeyRing(store)
    _, text = add_key(store, NewKey("x", ("read",)), author="")
    ring.start()
    wait_until(lambda: admitted(ring, text))
    ring.close()


class Late(Store):
    """A store whose first answer is on its way until it is let go."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.asked, self.go = threading.Event(), threading.Event()

    @contextlib.contextmanager
    def handle(self, purpose: Any, *, host: str = "") -> Iterator[Any]:
        with self._store.handle(purpose, host=host) as client:
            yield client
        if not self.asked.is_set():
            self.asked.set()
            self.go.wait(timeout=60)


def test_a_reading_that_takes_long_forgets_no_key_that_was_made_meanwhile(
    store: Store,
) -> None:
    late = Late(store)
    ring = KeyRing(late)
    readings = [threading.Thread(target=ring.refresh) for _ in range(2)]
    readings[0].start()
    assert late.asked.wait(timeout=60)
    _, text = add_key(store, NewKey("x", ("read",)), author="")
    readings[1].start()
    readings[1].join(timeout=0.3)
    late.go.set()
    for reading in readings:
        reading.join(timeout=60)
    assert admitted(ring, text)


class Away(Store):
    """A store that does not answer any more."""

    def __init__(self) -> None:
        pass

    def handle(self, purpose: Any) -> Any:
        raise StorageError("away")


def test_keys_count_while_the_store_is_away(store: Store) -> None:
    ring = KeyRing(store)
    _, text = add_key(store, NewKey("x", ("read",)), author="")
    ring.refresh()
    ring._store = Away()
    with pytest.raises(StorageError):
        ring.refresh()
    assert admitted(ring, text)


def test_the_first_use_of_a_day_is_noted_once(store: Store) -> None:
    ring = KeyRing(store)
    made, text = add_key(store, NewKey("x", ("read",)), author="")
    ring.refresh()
    for _ in range(3):
        assert admitted(ring, text)
        ring.refresh()
    ring.refresh()
    found = ring.find(made.id)
    assert found is not None and found.last_used is not None
    with store.handle("read") as client:
        sql = (
            "SELECT count() FROM access_keys WHERE event = 'used' AND id = {id:String}"
        )
        uses = client.query(sql, parameters={"id": made.id}).result_rows[0][0]
    assert uses in (1, 2)  # two around midnight


def test_a_use_survives_a_store_that_is_away(store: Store) -> None:
    note_used(store, [])
    ring = KeyRing(store)
    made, text = add_key(store, NewKey("x", ("read",)), author="")
    ring.refresh()
    assert admitted(ring, text)
    ring._store = Away()
    with pytest.raises(StorageError):
        ring.refresh()
    ring._store = store
    ring.refresh()
    ring.refresh()
    found = ring.find(made.id)
    assert found is not None and found.last_used is not None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (None, None),
        ("12h", NOW + timedelta(hours=12)),
        ("90d", NOW + timedelta(days=90)),
        ("8w", NOW + timedelta(weeks=8)),
        ("2026-12-01", datetime(2026, 12, 1, tzinfo=UTC)),
        ("2026-12-01T09:00:00+09:00", datetime(2026, 12, 1, tzinfo=UTC)),
    ],
)
def test_an_end_is_an_age_or_a_time(text: str | None, found: datetime | None) -> None:
    assert expiry(text, NOW) == found


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("expires", value) for value in ("soon", "0d", "-1d", "2020-01-01", 5, "")),
        *(
            ("expires", value)
            for value in ("9999-01-01", "999999w", "36526d", "1y", "12H")
        ),
        *(("name", value) for value in ("", "  ", None, 5, "x" * 201)),
        *(("scopes", value) for value in ([], None, "read", ["all"], [["read"]])),
        *(("project", value) for value in ("", 5)),
        ("id", "mine"),
    ],
)
def test_a_value_that_no_key_can_have_is_named(field: str, value: Any) -> None:
    body = {"name": "x", "scopes": ["read"], field: value}
    with pytest.raises(Refusal, match=field) as refused:
        new_key(body, NOW)
    assert (refused.value.status, refused.value.code) == (422, "bad_key")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    with guarded_collector(tmp_path_factory.mktemp("keys")) as running:
        yield running


SCOPED = [
    ("ingest", "POST", "/v1/traces"),
    ("ingest", "POST", "/v1/logs/"),
    ("read", "GET", "/api/v1/projects"),
    ("read", "HEAD", "/api/v1/projects"),
    ("read", "GET", "/metrics"),
    ("read", "POST", "/api/v1/sql"),
    ("edit", "POST", "/api/v1/scores"),
    ("edit", "PUT", "/api/v1/views/x"),
    ("edit", "DELETE", "/api/v1/datasets/x?project=p"),
    ("admin", "GET", "/api/v1/keys"),
    ("admin", "POST", "/api/v1/keys"),
    ("admin", "DELETE", "/api/v1/keys/x"),
]


@pytest.mark.parametrize("scope", ["ingest", "read", "edit", "admin"])
def test_a_key_does_what_its_scope_allows_and_nothing_else(
    running: Guarded, scope: str
) -> None:
    key = running.make(scope)
    for needed, method, path in SCOPED:
        answer = running.call(key, method, path, {} if method == "POST" else None)
        allowed = scope in (needed, "admin")
        assert (answer.status == 403) is not allowed, (method, path, answer.data)
        if not allowed and method != "HEAD":
            assert f"no scope '{needed}'" in answer.data.decode()


def test_an_unknown_path_needs_a_key_too(running: Guarded) -> None:
    for path in ("/api/v1/nothing", "/nothing", "/", "/api/v1/keys/x/y"):
        assert running.call(None, "GET", path).status == 401
        assert running.call(ADMIN, "GET", path).status == 404
    assert running.call(None, "GET", "/healthz").status == 200


def test_a_revoked_key_is_refused_at_once(running: Guarded) -> None:
    key = running.make("read")
    key_id = key.split("_")[1]
    assert running.call(key, "GET", "/api/v1/projects").status == 200
    gone = running.call(ADMIN, "DELETE", f"/api/v1/keys/{key_id}").json()
    assert gone["state"] == "revoked"
    refused = running.call(key, "GET", "/api/v1/projects")
    assert (refused.status, refused.json()["error"]["message"]) == (
        401,
        "the key is revoked",
    )
    assert running.call(ADMIN, "DELETE", f"/api/v1/keys/{key_id}").status == 200
    assert running.call(ADMIN, "DELETE", "/api/v1/keys/nothing").status == 404


def test_an_admin_of_one_project_reaches_only_its_keys(running: Guarded) -> None:
    other = running.make("read").split("_")[1]
    admin = running.make("admin", project="shop")
    made = running.call(
        admin, "POST", "/api/v1/keys", {"name": "n", "scopes": ["admin"]}
    )
    assert made.json()["project"] == "shop"
    wider = {"name": "n", "scopes": ["read"], "project": "bank"}
    assert running.call(admin, "POST", "/api/v1/keys", wider).status == 403
    listed = running.call(admin, "GET", "/api/v1/keys").json()["rows"]
    assert {key["project"] for key in listed} == {"shop"}
    assert running.call(admin, "DELETE", f"/api/v1/keys/{other}").status == 404


def test_a_project_without_a_name_is_not_all_projects(running: Guarded) -> None:
    """As `--project "$PROJECT"` says where that is not set."""
    body = {"name": "n", "scopes": ["read"], "project": ""}
    answer = running.call(ADMIN, "POST", "/api/v1/keys", body)
    assert (answer.status, answer.json()["error"]["code"]) == (422, "bad_key")
    options = ("create", "--name", "n", "--scope", "read", "--project", "")
    done = tracer("keys", *options, "--collector", running.url, TRACER_API_KEY=ADMIN)
    assert done.returncode == 2
    assert "it is empty; give one, or leave it out" in done.stderr


def test_lists_show_neither_secret_nor_digest(running: Guarded) -> None:
    key = running.make("read")
    text = running.call(ADMIN, "GET", "/api/v1/keys").data.decode()
    assert key.split("_")[1] in text
    assert key.split("_")[2] not in text
    assert "digest" not in text


def test_what_was_done_leaves_a_line_without_secrets(running: Guarded) -> None:
    key = running.make("read", "edit", project="shop")
    key_id, secret = key.split("_")[1:]
    running.call(key, "DELETE", "/api/v1/views/gone")
    running.call(f"trk_{key_id}_wrong", "GET", "/api/v1/projects")
    running.call(ADMIN, "DELETE", f"/api/v1/keys/{key_id}")
    text = running.log.read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    mine = [line for line in lines if line.get("key") == key_id]
    assert [line["audit"] for line in mine] == [
        *("key_created", "call", "login_failed", "key_revoked")
    ]
    assert mine[1]["path"] == "/api/v1/views/gone" and mine[1]["status"] == 404
    assert secret not in text and ADMIN not in text and "wrong" not in text


def test_a_change_of_how_long_rows_are_kept_leaves_its_value(
    running: Guarded,
) -> None:
    key = running.make("admin", project="short")
    key_id = key.split("_")[1]
    running.call(key, "PUT", "/api/v1/retention/short", {"days": 3})
    running.call(key, "DELETE", "/api/v1/retention/short")
    lines = map(json.loads, running.log.read_text().splitlines())
    mine = [one for one in lines if one.get("by") == key_id]
    assert [(one["audit"], one["project"], one.get("days")) for one in mine] == [
        ("retention_set", "short", 3),
        ("retention_cleared", "short", None),
    ]


def test_a_change_for_a_named_person_leaves_a_line_with_the_name(
    running: Guarded,
) -> None:
    key = running.make("edit", "read", project="shop")
    client = Client(running.url, key, person="영희 <a@b.c>")
    client.save_view("mine", project="shop", name="x", page="traces", params={})
    client.sql("SELECT 1")
    key_id = key.split("_")[1]
    lines = map(json.loads, running.log.read_text().splitlines())
    [line] = [one for one in lines if one.get("key") == key_id and "method" in one]
    assert (line["person"], line["path"]) == ("영희 <a@b.c>", "/api/v1/views/mine")


def test_a_key_is_told_what_it_may_do(running: Guarded) -> None:
    key = running.make("read", "edit", project="shop", expires="90d")
    told = Client(running.url, key).access()
    assert (told["key"], told["name"]) == (key.split("_")[1], "test")
    assert (told["project"], told["scopes"]) == ("shop", ["read", "edit"])
    assert told["expires"]
    environment = Client(running.url, ADMIN).access()
    assert (environment["key"], environment["name"]) == ("environment", None)
    assert environment["scopes"] == ["ingest", "read", "edit", "admin"]


def tracer(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    command = [*PYTHON[:2], "-m", "tracer.cli", *arguments]
    # of this process's environment only what measures it, where it is measured
    env |= {k: v for k, v in os.environ.items() if k.startswith("COVERAGE_")}
    return subprocess.run(
        [sys.executable, *command[1:]], env=env, capture_output=True, text=True
    )


def test_a_wrong_key_is_counted_by_who_connects_whatever_a_header_says(
    tmp_path: Path,
) -> None:
    """Who named another address with each try was let try for ever."""
    with guarded_collector(tmp_path) as running:
        headers = {"Authorization": "Bearer wrong", "X-Forwarded-For": "203.0.113.9"}
        url = f"{running.url}/api/v1/projects"
        assert running.http.request("GET", url, headers=headers).status == 401
        (line,) = running.log.read_text().splitlines()[-1:]
    assert json.loads(line)["peer"] == "127.0.0.1"


def test_the_first_key_is_made_on_the_store_and_opens_the_door(tmp_path: Path) -> None:
    store = f"chdb://{tmp_path / 'store'}"
    scope = ("--scope", "admin", "--name", "first 열쇠", "--json")
    made = json.loads(tracer("keys", "create", *scope, "--store", store).stdout)
    with guarded_collector(tmp_path, "--host", "0.0.0.0") as running:
        url = running.url.replace("0.0.0.0", "127.0.0.1")
        asked = {"TRACER_ENDPOINT": url, "TRACER_API_KEY": made["key"]}
        listed = tracer("keys", "list", **asked)
        assert made["id"] in listed.stdout and "first 열쇠" in listed.stdout
        busy = tracer("keys", "list", "--store", store)
        assert (busy.returncode, busy.stdout) == (1, "")
        assert "in use by process" in busy.stderr and "leave out --store" in busy.stderr
        wanted = ("--scope", "read", "--name", "x", "--expires", "soon")
        refused = tracer("keys", "create", *wanted, **asked)
        assert refused.returncode == 1 and "'soon' does not fit" in refused.stderr
        gone = tracer("keys", "revoke", made["id"], **asked)
        assert gone.stdout == f"Key {made['id']} is revoked.\n"
        locked = tracer("keys", "list", **asked)
        assert locked.returncode == 1 and "the key is revoked" in locked.stderr
