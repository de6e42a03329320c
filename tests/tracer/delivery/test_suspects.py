"""A batch that fails again and again while others are taken is to blame."""

import pytest

from tracer._delivery import suspects as suspects_module
from tracer._delivery.records import Batch
from tracer._delivery.suspects import FAULTS_TO_TELL, Suspects


def batch(body: str) -> Batch:
    return Batch("traces", body.encode(), 1, "me", 1)


def faults_until_blamed(suspects: Suspects, poison: Batch) -> int:
    for n_faults in range(1, 20):
        if suspects.is_to_blame(poison):
            return n_faults
        suspects.note_taken(batch(f"good {n_faults}"))
    return 0


def test_four_faults_with_others_taken_between_tell_that_it_is_the_batch() -> None:
    assert FAULTS_TO_TELL == 4
    assert faults_until_blamed(Suspects(), batch("poison")) == 4


def test_while_nothing_else_is_taken_faults_tell_nothing() -> None:
    suspects = Suspects()
    assert not any(suspects.is_to_blame(batch("poison")) for _ in range(20))
    suspects.note_taken(batch("good"))
    assert not any(suspects.is_to_blame(batch("poison")) for _ in range(20))


def test_a_batch_that_was_taken_after_all_begins_anew() -> None:
    suspects, poison = Suspects(), batch("poison")
    for number in range(3):
        assert not suspects.is_to_blame(poison)
        suspects.note_taken(batch(f"good {number}"))
    suspects.note_taken(poison)
    assert faults_until_blamed(suspects, poison) == 4


def test_a_batch_that_was_blamed_is_forgotten() -> None:
    suspects, poison = Suspects(), batch("poison")
    assert faults_until_blamed(suspects, poison) == 4
    suspects.note_taken(batch("another"))
    assert faults_until_blamed(suspects, poison) == 4


def test_parts_are_judged_by_what_is_taken_from_then_on() -> None:
    suspects, parts = Suspects(), [batch("half"), batch("other half")]
    suspects.note_taken(batch("before"))
    suspects.watch(parts)
    assert not suspects.is_to_blame(parts[0])  # nothing was taken since
    suspects.note_taken(batch("good"))
    assert faults_until_blamed(suspects, parts[0]) == 4


def test_the_longest_known_suspects_make_room_for_new_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(suspects_module, "_MOST_REMEMBERED", 2)
    suspects = Suspects()
    for name in ("first", "second", "first", "third"):
        suspects.is_to_blame(batch(name))
        suspects.note_taken(batch("good"))
    # "first" had two faults, and "second", the longest ago, was forgotten
    assert faults_until_blamed(suspects, batch("first")) == 2
    assert faults_until_blamed(suspects, batch("second")) == 4
