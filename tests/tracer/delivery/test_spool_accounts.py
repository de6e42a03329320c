"""What a spool counts and says, to the byte, and what it survives."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tracer._delivery import spool as spool_module
from tracer._delivery.records import Batch
from tracer._delivery.spool import Claim, Spool
from tracer._delivery.spooled import directory_of
from tracer._delivery.tally import Tally

MakeSpool = Callable[..., Spool]


@pytest.fixture
def make(tmp_path: Path) -> MakeSpool:
    def make(name: str = "me", **given: object) -> Spool:
        usual = {"max_bytes": 1000, "claim_s": 60.0, "tally": Tally(name)}
        return Spool(tmp_path, endpoint="http://them", project=None, **(usual | given))  # type: ignore[arg-type]

    return make


def batch(number: int, size: int = 100) -> Batch:
    return Batch("traces", bytes([number]) * size, 5, "me", number)


def claimed(spool: Spool) -> Claim:
    claim = spool.claim_oldest()
    assert claim is not None
    return claim


def report(tally: Tally) -> tuple[int, int]:
    told = tally.report(waiting=0, refused=0)
    return told.spooled, told.dropped


def refuse(*_: object, **__: object) -> None:
    raise PermissionError("read-only")


def test_a_batch_as_large_as_the_spool_is_taken_and_pushes_all_others_out(
    make: MakeSpool,
) -> None:
    tally = Tally("me")
    spool = make(max_bytes=300, tally=tally)
    assert all(spool.put(batch(number)) for number in (1, 2, 3))
    assert report(tally) == (15, 0)
    assert spool.put(batch(4, size=300))
    assert report(tally) == (5, 15)
    assert not spool.put(batch(5, size=301))
    assert claimed(spool).batch.number == 4


def test_claims_are_counted_with_those_that_another_was_faster_to_make(
    make: MakeSpool,
) -> None:
    mine, theirs = make("mine"), make("theirs")
    mine.put(batch(1))
    assert (mine.n_claimed, theirs.n_waiting()) == (0, 1)
    assert claimed(mine) and theirs.claim_oldest() is None
    assert (mine.n_claimed, theirs.n_claimed) == (1, 1)
    assert (mine.n_waiting(), theirs.n_waiting()) == (0, 0)


def test_a_claim_is_young_however_long_its_batch_has_waited(make: MakeSpool) -> None:
    spool = make("mine")
    spool.put(batch(1))
    (file,) = spool.directory.iterdir()
    os.utime(file, (1_000_000, 1_000_000))
    claim = claimed(spool)
    assert make("theirs").claim_oldest() is None
    spool.release(claim)
    assert claimed(make("theirs")).batch == batch(1)


def test_what_waits_is_known_by_lane_and_asked_of_the_disk_only_for_some(
    make: MakeSpool,
) -> None:
    spool, other = make(), make("other")
    assert not spool.has_any() and spool.n_waiting() == 0
    other.put(Batch("logs", b"x", 1, "other", 1))
    assert not spool.knows_any()
    assert not spool.has_any([]) and not spool.knows_any()
    assert spool.has_any(["logs"]) and spool.knows_any(["logs"])
    assert not spool.knows_any(["traces"]) and not spool.has_any(["traces"])
    other.put(batch(2))
    assert spool.has_any(["traces"]) and spool.n_waiting() == 2


def test_of_both_lanes_the_oldest_goes_first_and_what_is_put_back_is_the_first(
    make: MakeSpool,
) -> None:
    spool = make()
    for lane, number in (("logs", 1), ("traces", 2), ("logs", 3), ("traces", 4)):
        spool.put(Batch(lane, b"x", 1, "me", number))  # type: ignore[arg-type]
    first = claimed(spool)
    spool.release(first)
    order = [claimed(spool).batch.number for _ in range(4)]
    assert order == [1, 2, 3, 4]


def test_room_is_made_by_what_is_set_aside_too_and_that_is_not_counted(
    make: MakeSpool,
) -> None:
    tally = Tally("me")
    spool = make(max_bytes=250, tally=tally)
    spool.put(batch(1), aside=True)
    spool.put(batch(2))
    spool.put(batch(3))
    assert report(tally) == (10, 0)
    assert [claimed(spool).batch.number for _ in range(2)] == [2, 3]


def test_a_batch_that_is_being_sent_is_not_pushed_out(make: MakeSpool) -> None:
    tally = Tally("me")
    spool = make(max_bytes=250, tally=tally)
    spool.put(batch(1))
    claim = claimed(spool)
    for number in (2, 3):
        spool.put(batch(number))
    assert claim.path.exists()
    assert report(tally) == (10, 5)
    spool.remove(claim)
    assert report(tally) == (5, 5)
    assert claimed(spool).batch.number == 3


def test_room_that_was_freed_is_there_for_others(make: MakeSpool) -> None:
    tally = Tally("me")
    spool = make(max_bytes=250, tally=tally)
    for number in range(20):
        assert spool.put(batch(number))
        spool.remove(claimed(spool))
    assert report(tally) == (0, 0)


def test_a_spool_of_one_process_is_never_larger_than_it_may_be(
    make: MakeSpool,
) -> None:
    tally = Tally("me")
    spool = make(max_bytes=640, tally=tally)
    for number in range(221):
        assert spool.put(batch(number, size=3))
        if number > 211:
            sizes = [file.stat().st_size for file in spool.directory.iterdir()]
            assert sum(sizes) == 639
    assert report(tally) == (213 * 5, 8 * 5)


def n_bytes(spool: Spool) -> int:
    return sum(file.stat().st_size for file in spool.directory.iterdir())


def test_what_others_write_is_seen_after_some_puts_of_ones_own(
    make: MakeSpool,
) -> None:
    mine, theirs = make("mine", max_bytes=100_000), make("theirs", max_bytes=1 << 30)
    mine.put(batch(0, size=1))
    for number in range(101):
        theirs.put(batch(number, size=1000))
    for number in range(20):
        mine.put(batch(number, size=1))
    assert n_bytes(mine) > 100_000
    for number in range(20):
        mine.put(batch(number, size=1))
    assert n_bytes(mine) <= 100_000


def test_all_that_one_put_is_known_without_a_look_at_the_disk(make: MakeSpool) -> None:
    spool = make(max_bytes=1 << 30)
    for number in range(5):
        spool.put(batch(number))
    assert spool.n_waiting() == 5


def test_parts_take_room_and_are_known_like_what_is_put(make: MakeSpool) -> None:
    spool = make(max_bytes=64_000)
    for number in range(640):
        spool.put(batch(number % 250))
    for number in range(3):
        assert spool.replace(claimed(spool), [batch(number, size=50)] * 2)
    assert spool.n_waiting() == 643
    for number in range(4):
        spool.put(batch(number))
        assert n_bytes(spool) <= 64_000


def test_a_claim_whose_file_is_gone_is_removed_without_a_word(
    make: MakeSpool, caplog: pytest.LogCaptureFixture
) -> None:
    spool = make()
    spool.put(batch(1))
    claim = claimed(spool)
    claim.path.unlink()
    spool.remove(claim)
    assert caplog.messages == []


@pytest.mark.parametrize(("rest", "is_seen"), [(1, True), (1e9, False)])
def test_a_look_at_a_large_directory_is_repeated_only_after_a_rest(
    make: MakeSpool, monkeypatch: pytest.MonkeyPatch, rest: float, is_seen: bool
) -> None:
    monkeypatch.setattr(spool_module, "_MANY_FILES", 2)
    monkeypatch.setattr(spool_module, "_REST_FOR_LOOK", rest)
    spool, other = make(), make("other")
    for number in range(3):
        other.put(batch(number))
    assert not spool.has_any(["logs"])
    other.put(Batch("logs", b"x", 1, "other", 1))
    assert spool.has_any(["logs"]) is is_seen


def test_an_older_process_and_a_newer_one_share_a_directory() -> None:
    found = directory_of(Path("/spool"), "http://collector:4318", "shop")
    assert found == Path(
        "/spool/24874283374e3f0a"
    )  # b2sum -l 64, of both with a 0 between


def test_a_spool_is_made_with_all_folders_above_it(tmp_path: Path) -> None:
    spool = Spool(
        tmp_path / "state" / "tracer",
        endpoint="http://them",
        project=None,
        max_bytes=1000,
        tally=Tally("me"),
        claim_s=60,
    )
    assert spool.put(batch(1)) and claimed(spool).batch == batch(1)


@pytest.mark.parametrize("call", ["open", "replace"])
def test_a_disk_that_is_full_leaves_nothing_behind(
    make: MakeSpool,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    call: str,
) -> None:
    def is_full(*_: object) -> None:
        raise OSError("No space left on device")

    spool = make()
    spool.put(batch(1))
    with monkeypatch.context() as patch:
        patch.setattr(os, call, is_full)
        assert not spool.put(batch(2))
    assert "No space left on device" in caplog.text
    assert len(list(spool.directory.iterdir())) == spool.n_waiting() == 1


def test_among_many_strangers_every_batch_is_found(make: MakeSpool) -> None:
    spool, other = make(), make("other")
    other.put(batch(0))
    (first,) = other.directory.iterdir()
    for number in range(1, 20):
        (other.directory / f"notes {number}").write_text("not ours")
        link = first.with_name(first.name.replace(".me.0.", f".me.{number + 50}."))
        link.symlink_to("elsewhere")
        other.put(batch(number, size=1))
    assert spool.n_waiting() == 20


def fail_to_keep(spool: Spool, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(spool_module, "write", refuse)
    assert not spool.put(batch(1))


def fail_to_part(spool: Spool, patch: pytest.MonkeyPatch) -> None:
    spool.put(batch(1))
    claim = claimed(spool)
    patch.setattr(spool_module, "write", refuse)
    assert not spool.replace(claim, [batch(1)])


def fail_to_put_back(spool: Spool, patch: pytest.MonkeyPatch) -> None:
    spool.put(batch(1))
    patch.setattr(os, "rename", refuse)
    spool.release(Claim(batch(1), spool.directory / "0.me.1.traces.5.claimed-me"))


def fail_to_remove(spool: Spool, patch: pytest.MonkeyPatch) -> None:
    spool.put(batch(1))
    claim = claimed(spool)
    patch.setattr(Path, "unlink", refuse)
    spool.remove(claim)


def fail_to_make_room(spool: Spool, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Path, "unlink", refuse)
    assert spool.put(batch(1)) and spool.put(batch(2))


def make_room(spool: Spool, patch: pytest.MonkeyPatch) -> None:
    assert spool.put(batch(1)) and spool.put(batch(2))


@pytest.mark.parametrize(
    ("go_wrong", "told"),
    [
        (fail_to_keep, "cannot keep spans in {}: read-only (said once)"),
        (fail_to_part, "cannot keep spans in {}: read-only (said once)"),
        (fail_to_put_back, "cannot put back {}/0.me.1.traces.5.claimed-me: read-only"),
        (fail_to_remove, "cannot remove {}/"),
        (fail_to_make_room, "cannot make room in {}: read-only (said once)"),
        (make_room, "spans dropped, oldest first: the spool was full (max_spool_bytes"),
    ],
)
def test_what_goes_wrong_is_said_and_goes_no_further(
    make: MakeSpool,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    go_wrong: Callable[[Spool, pytest.MonkeyPatch], None],
    told: str,
) -> None:
    spool = make(max_bytes=150)
    with monkeypatch.context() as patch:
        go_wrong(spool, patch)
    [said] = caplog.messages
    assert said.startswith(told.format(spool.directory))
