"""Who comes in, by which key, and what it may do."""

import base64
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from collector.access.failures import HALF_LIFE_S, LIMIT, MAX_PLACES, Failures, place_of
from collector.access.keys import StoredKey, digest_of, key_text, new_secret
from collector.access.rights import EVERYTHING, SCOPES, Access, Denied, Doorkeeper

NOW = datetime.now(UTC)
SECRET = "c321a58c28054c914a48bd9869a43d56f7815425e7c4ad77"  # tests are named by it
READER = StoredKey(
    id="r1",
    name="reader",
    secret_digest=digest_of(SECRET.encode()),
    scopes=("read",),
    project="shop",
    created=NOW,
    created_by="",
)
BEARER = f"Bearer {key_text('r1', SECRET)}"


class Known:
    """Keys that are in memory already."""

    def __init__(self, *keys: StoredKey) -> None:
        self.keys: Mapping[str, StoredKey] = {key.id: key for key in keys}
        self.used: list[str] = []

    def find(self, key_id: str) -> StoredKey | None:
        return self.keys.get(key_id)

    def note(self, key_id: str) -> None:
        self.used.append(key_id)


def doorkeeper(
    *keys: StoredKey,
    api_key: str = "",
    needs_key: bool = True,
    failures: Failures | None = None,
) -> Doorkeeper:
    return Doorkeeper(
        api_key=api_key, keys=Known(*keys), needs_key=needs_key, failures=failures
    )


def denied(keeper: Doorkeeper, authorization: str | None, peer: str = "::1") -> Denied:
    with pytest.raises(Denied) as refused:
        keeper.admit(authorization, peer=peer)
    return refused.value


def basic(key: str) -> str:
    return "Basic " + base64.b64encode(f"public:{key}".encode()).decode()


@pytest.mark.parametrize(
    "authorization", ["Bearer k:1 열쇠", "bearer  k:1 열쇠 ", basic("k:1 열쇠")]
)
def test_the_key_of_the_environment_may_do_everything(authorization: str) -> None:
    header = authorization.encode().decode("latin-1")
    access = doorkeeper(api_key="k:1 열쇠").admit(header, peer="127.0.0.1")
    assert (access.project, access.scopes) == (None, frozenset(SCOPES))


@pytest.mark.parametrize(
    "authorization",
    [
        *(None, "", "Bearer", "Bearer ", "Bearer k-2", "k-1", "Digest k-1"),
        *("Basic k-1", "Basic !!!", basic(""), "Bearer trk_r1_", "Bearer trk_r1"),
        *("Bearer trk__x", BEARER[:-1], BEARER + "0", BEARER.upper(), BEARER + "\xa0"),
        f"Bearer {key_text('r2', SECRET)}",
        f"Bearer {key_text('r1', READER.secret_digest.hex())}",
        f"Bearer {SECRET}",
    ],
)
def test_nothing_else_comes_in(authorization: str | None) -> None:
    refused = denied(doorkeeper(READER, api_key="k-1"), authorization)
    assert (refused.status, refused.code) == (401, "unauthorized")
    assert "k-2" not in f"{refused} {refused.hint}"
    assert SECRET not in f"{refused} {refused.hint}"


@pytest.mark.parametrize("authorization", [BEARER, basic(key_text("r1", SECRET))])
def test_a_stored_key_brings_its_project_and_scopes(authorization: str) -> None:
    found = doorkeeper(READER).admit(authorization, peer="::1")
    assert found == Access("r1", "shop", frozenset({"read"}))


def test_admin_allows_the_other_scopes_too() -> None:
    admin = replace(READER, scopes=("admin",))
    assert doorkeeper(admin).admit(BEARER, peer="::1").scopes == frozenset(SCOPES)


def test_revoked_and_expired_keys_are_refused_by_name_of_their_state() -> None:
    revoked = doorkeeper(replace(READER, revoked=NOW))
    assert str(denied(revoked, BEARER)) == "the key is revoked"
    expired = doorkeeper(replace(READER, expires=NOW - timedelta(seconds=1)))
    assert str(denied(expired, BEARER)) == "the key is expired"
    lives = replace(READER, expires=NOW + timedelta(hours=1))
    assert doorkeeper(lives).admit(BEARER, peer="::1").key_id == "r1"


def test_who_does_not_hold_the_secret_is_not_told_what_became_of_a_key() -> None:
    guess = f"Bearer {key_text('r1', new_secret())}"
    refused = denied(doorkeeper(replace(READER, revoked=NOW)), guess)
    assert str(refused) == "the key is not known here"


def test_without_need_of_a_key_all_may_do_everything() -> None:
    keeper = doorkeeper(READER, needs_key=False)
    assert keeper.admit(None, peer="127.0.0.1") is EVERYTHING
    assert keeper.admit(basic("sk-of-another-tool"), peer="127.0.0.1") is EVERYTHING


def test_a_stored_key_counts_even_where_none_is_needed() -> None:
    keeper = doorkeeper(READER, needs_key=False)
    assert keeper.admit(BEARER, peer="127.0.0.1").project == "shop"
    gone = doorkeeper(replace(READER, revoked=NOW), needs_key=False)
    assert denied(gone, BEARER).status == 401


def test_a_missing_scope_is_named() -> None:
    access = Access("k", None, frozenset({"read", "ingest"}))
    access.require("read")
    with pytest.raises(Denied, match="no scope 'edit', only ingest, read") as refused:
        access.require("edit")
    assert (refused.value.status, refused.value.code) == (403, "forbidden")


class Clock:
    now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def test_after_ten_wrong_keys_a_place_must_wait_and_right_keys_need_not() -> None:
    keeper = doorkeeper(READER, failures=Failures(Clock()))
    answers = [denied(keeper, "Bearer wrong", "10.0.0.1") for _ in range(LIMIT + 1)]
    assert [one.status for one in answers] == [401] * LIMIT + [429]
    assert answers[-1].retry_after_s
    assert keeper.admit(BEARER, peer="10.0.0.1").key_id == "r1"
    assert denied(keeper, "Bearer wrong", "10.0.0.2").status == 401


def test_who_waits_as_told_may_try_again() -> None:
    clock = Clock()
    failures = Failures(clock)
    for _ in range(1000):
        wait_s = failures.add("10.0.0.1")
    assert HALF_LIFE_S < wait_s <= 6 * HALF_LIFE_S
    clock.now_s += wait_s - 1
    assert failures.wait_s("10.0.0.1") == 1
    clock.now_s += 1
    assert failures.wait_s("10.0.0.1") == 0


def test_requests_without_a_key_guess_nothing_and_are_not_counted() -> None:
    keeper = doorkeeper()
    statuses = {denied(keeper, None, "10.0.0.1").status for _ in range(3 * LIMIT)}
    assert statuses == {401}


def test_a_short_key_of_the_environment_cannot_be_guessed_by_trying_on() -> None:
    short = doorkeeper(api_key="hush", failures=Failures(Clock()))
    long = doorkeeper(api_key="hush" * 6, failures=Failures(Clock()))
    for keeper in (short, long):
        for _ in range(LIMIT):
            denied(keeper, "Bearer wrong", "10.0.0.1")
    assert denied(short, "Bearer hush", "10.0.0.1").status == 429
    assert short.admit("Bearer hush", peer="10.0.0.2").key_id == "environment"
    assert long.admit("Bearer " + "hush" * 6, peer="10.0.0.1").key_id == "environment"


def test_addresses_of_one_sender_are_counted_together() -> None:
    assert place_of("2001:db8::1") == place_of("2001:db8:0:0:ffff::2")
    assert place_of("2001:db8::1") != place_of("2001:db8:0:1::1")
    assert place_of("::ffff:10.0.0.1") == place_of("10.0.0.1") == "10.0.0.1"
    assert place_of("fe80::1%eth0") == "fe80::/64"
    assert len(place_of("x" * 10_000)) == 100


def test_failures_are_remembered_of_a_bounded_number_of_places() -> None:
    failures = Failures(Clock())
    for _ in range(LIMIT):
        failures.add("first")
    for number in range(MAX_PLACES):
        failures.add(str(number))
    assert failures.wait_s("first") == 0
    assert len(failures._places) == MAX_PLACES
