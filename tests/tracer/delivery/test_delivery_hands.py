"""What was taken from the queue is counted at every moment, and decided about once."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from tracer._delivery.flushes import Flushes
from tracer._delivery.hands import Hands
from tracer._delivery.queue import BoundedQueue
from tracer._delivery.tally import Tally


@dataclass(frozen=True)
class Pile:
    """A batch of names."""

    names: tuple[str, ...]

    @property
    def n_items(self) -> int:
        return len(self.names)


class Piles:
    """Packs a name a batch, but for names that cannot be packed."""

    meanwhile: Callable[[], None] = staticmethod(lambda: None)

    def batches(self, items: Sequence[Any]) -> list[Pile]:
        self.meanwhile()
        return [Pile((name,)) for name, _ in items if name != "unreadable"]


@dataclass
class Place:
    """An outlet that does what a test says, and remembers what it was given."""

    takes: Callable[[Pile], bool] = lambda pile: True
    keeps: Callable[[Pile], bool] = lambda pile: True
    lets_others_pass: bool = False
    meanwhile: Callable[[], None] = lambda: None
    kept: list[str] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    n_tried: int = 0
    can_keep: bool = True

    def deliver(
        self, batch: Pile, *, at_most_s: float | None = None
    ) -> Callable[[], list[Pile]]:
        self.meanwhile()
        return lambda: self._taken(batch)

    def _taken(self, batch: Pile) -> list[Pile]:
        if not self.takes(batch):
            return [batch]
        self.sent.extend(batch.names)
        return []

    def keep(self, batches: list[Pile]) -> list[Pile]:
        self.meanwhile()
        left = [batch for batch in batches if not self.keeps(batch)]
        self.kept += [n for b in batches if b not in left for n in b.names]
        return left

    def try_now(self) -> None:
        raise AssertionError("nothing here asks for it")

    def n_kept(self) -> int:
        return len(self.kept)

    def resend(self, *, at_most_s: float | None = None) -> bool:
        return False

    def close(self) -> None:
        raise AssertionError("nothing here asks for it")


class World:
    """Hands between a queue of names and a place."""

    def __init__(self, *names: str, batch_items: int = 1, **place: Any) -> None:
        self.queue: BoundedQueue[Any] = BoundedQueue(
            1000, full_batch_items=batch_items, full_batch_bytes=1000
        )
        self.place, self.tally = Place(**place), Tally("me")
        self.packer = Piles()
        self.hands = Hands(self.queue, self.packer, self.place, self.tally)
        for name in names:
            self.queue.offer((name, {}), 1)

    @property
    def held(self) -> list[str]:
        return [name for pile in self.hands.held for name in pile.names]

    @property
    def pending(self) -> int:
        return self.tally.report(waiting=len(self.queue), refused=0).pending


def test_at_first_nothing_waits_is_held_or_on_its_way() -> None:
    hands = World().hands
    assert (hands.has_more, hands.is_delivering, hands.is_left_alone) == (False,) * 3
    assert (hands.held, hands.n_settled()) == ([], 0)


def test_what_is_held_is_not_settled_until_it_is_decided_about() -> None:
    world = World("a", "b")
    world.hands.take()
    assert (world.held, world.hands.n_settled(), world.pending) == (["a"], 0, 2)
    assert world.hands.deliver()
    assert (world.place.sent, world.hands.n_settled(), world.pending) == (["a"], 1, 1)


def test_what_the_relief_could_not_keep_waits_unsettled_and_goes_first() -> None:
    world = World("a", "b", keeps=lambda pile: False)
    world.hands.relieve_of_batch()
    assert world.hands.has_more
    assert (world.hands.n_settled(), world.tally.in_relief, world.pending) == (0, 1, 2)
    world.hands.take()
    assert (world.held, world.tally.in_relief, world.pending) == (["a"], 0, 2)
    world.hands.deliver()
    world.hands.take()
    assert world.held == ["b"]


def test_has_more_is_true_for_what_the_relief_left_alone() -> None:
    world = World("a", keeps=lambda pile: False)
    world.hands.relieve_of_batch()
    assert (len(world.queue), world.hands.has_more) == (0, True)


def test_what_the_relief_is_keeping_is_pending_meanwhile() -> None:
    seen: list[tuple[int, int]] = []
    world = World("a", "b", batch_items=2)
    world.place.meanwhile = lambda: seen.append((world.pending, world.tally.in_relief))
    world.hands.relieve_of_batch()
    assert seen == [(2, 2)]
    assert (world.place.kept, world.pending, world.hands.n_settled()) == (
        ["a", "b"],
        0,
        2,
    )


def test_no_more_than_four_are_held_beside_one_that_the_receiver_fails_at() -> None:
    world = World(*"abcdefgh", takes=lambda pile: False, lets_others_pass=True)
    world.hands.take()
    for _ in range(6):
        world.hands.let_others_pass()
    assert len(world.held) == 4
    assert world.pending == 8


def test_others_pass_before_what_failed_only_where_the_outlet_says_so() -> None:
    world = World("a", "b", lets_others_pass=True)
    world.hands.take()
    world.hands.let_others_pass()
    assert world.held == ["b", "a"]
    world.place.lets_others_pass = False
    world.hands.let_others_pass()
    assert world.held == ["b", "a"]


def test_the_thread_is_delivering_only_while_it_waits_for_an_answer() -> None:
    seen: list[bool] = []
    world = World("a")
    world.place.meanwhile = lambda: seen.append(world.hands.is_delivering)
    world.hands.take()
    world.hands.deliver()
    assert (seen, world.hands.is_delivering) == ([True], False)


def test_an_answer_after_somebody_took_over_decides_nothing() -> None:
    world = World("a")
    world.place.meanwhile = lambda: world.hands.leave_alone()
    world.hands.take()
    assert world.hands.deliver() is False
    assert (world.held, world.place.sent, world.pending) == (["a"], [], 1)
    world.hands.give_up("too late")
    assert world.pending == 1


def test_after_somebody_took_over_nothing_is_taken_any_more() -> None:
    world = World("a", "b", lets_others_pass=True)
    world.hands.leave_alone()
    world.hands.take()
    world.hands.let_others_pass()
    world.hands.relieve_of_batch()
    assert (world.held, world.place.kept, len(world.queue)) == ([], [], 2)


def test_what_could_not_be_delivered_is_still_held_and_said() -> None:
    world = World("a", "b", batch_items=2, takes=lambda pile: pile.names == ("b",))
    world.hands.take()
    assert world.hands.deliver() is False
    assert (world.held, world.place.sent, world.pending) == (["a"], ["b"], 1)


def test_a_crowded_queue_goes_to_the_disk_and_not_to_the_receiver() -> None:
    world = World("a")
    world.hands.take()
    world.queue.offer(("large", {}), 900)
    assert world.hands.deliver()
    assert (world.place.kept, world.place.sent) == (["a"], [])


def test_the_rest_is_kept_once_each_or_counted_as_dropped() -> None:
    full = World(*"abc", keeps=lambda pile: False)
    full.hands.relieve_of_batch()
    full.place.keeps = lambda pile: pile.names != ("c",)
    full.hands.take()
    full.hands.relieve_of_batch()
    full.hands.leave_alone()
    full.hands.keep_rest()
    report = full.tally.report(waiting=len(full.queue), refused=0)
    assert sorted(full.place.kept) == ["a", "b"]
    assert (report.dropped, report.pending) == (1, 0)
    assert report.errors == ("1 dropped: neither sent nor kept on disk before the end",)


def test_what_the_relief_could_not_keep_is_kept_once_at_the_end() -> None:
    world = World(*"abc", keeps=lambda pile: False)
    world.hands.relieve_of_batch()
    world.hands.relieve_of_batch()
    assert world.tally.in_relief == 2
    world.hands.leave_alone()
    world.place.keeps = lambda pile: True
    world.hands.keep_rest()
    assert world.place.kept == ["a", "b", "c"]
    assert (world.tally.in_relief, world.pending) == (0, 0)


def test_what_is_given_up_is_counted_with_its_reason() -> None:
    world = World("a", "b", batch_items=2)
    world.hands.take()
    world.hands.give_up("nobody wants it")
    report = world.tally.report(waiting=0, refused=0)
    assert (report.dropped, report.pending, world.held) == (2, 0, [])
    assert report.errors == ("2 dropped: nobody wants it",)


def test_what_is_being_packed_is_pending_meanwhile() -> None:
    seen: list[int] = []
    world = World("a", "b", batch_items=2)
    world.packer.meanwhile = lambda: seen.append(world.pending)
    world.hands.take()
    assert (seen, world.pending) == ([2], 2)


def test_what_cannot_be_packed_is_dropped_and_counted() -> None:
    world = World("a", "unreadable", batch_items=2)
    world.hands.take()
    report = world.tally.report(waiting=0, refused=0)
    assert (report.dropped, report.pending) == (1, 1)
    assert report.errors == ("1 dropped: could not be encoded",)


def test_refusals_are_said_at_the_next_batch(caplog: pytest.LogCaptureFixture) -> None:
    world = World("a")
    world.queue.offer(("huge", {}), 2000)
    with caplog.at_level(logging.WARNING, "tracer"):
        world.hands.take()
    assert "1 spans dropped: the queue is full" in caplog.text


def test_a_flush_that_was_settled_waits_no_more() -> None:
    flushes = Flushes()
    first, second = flushes.add(3), flushes.add(5)
    assert flushes.waiting() == [first, second]
    flushes.settle([first])
    flushes.settle([first])  # a shutdown may have been faster
    assert (flushes.waiting(), first.done.is_set()) == ([second], True)
    assert (first.n_items, second.done.is_set()) == (3, False)


def test_batches_of_others_change_only_what_was_sent_for_them() -> None:
    tally = Tally("me")
    tally.note_sent(2)
    tally.note_sent(3, instance_id="me")
    tally.note_sent(5, instance_id="another")
    tally.note_dropped(0, "nothing")
    tally.note_dropped(7, "why")
    report = tally.report(waiting=11, refused=13)
    assert (report.sent, report.sent_for_others) == (5, 5)
    assert (report.dropped, report.pending) == (20, 11)
    assert report.errors == (
        "13 dropped: the queue was full (max_queue_bytes) or shut down",
        "7 dropped: why",
    )
