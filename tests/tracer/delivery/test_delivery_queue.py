"""The queue is bounded, counts what it refuses, and wakes its reader in time."""

import sys
import threading

import pytest

from tracer._delivery.queue import BACKLOG_BATCHES, BoundedQueue

PATIENCE_S = 60


def make_queue(max_bytes: int = 1000) -> BoundedQueue[int]:
    return BoundedQueue(max_bytes, full_batch_items=4, full_batch_bytes=400)


def test_items_come_out_in_the_order_they_went_in() -> None:
    queue = make_queue()
    for number in range(3):
        queue.offer(number, 10)
    assert queue.take_batch() == [0, 1, 2]
    assert len(queue) == queue.n_bytes == 0


def test_what_goes_beyond_the_bytes_is_refused_and_counted() -> None:
    queue = make_queue(max_bytes=100)
    for number in range(5):
        queue.offer(number, 30)
    assert queue.take_batch() == [0, 1, 2]
    assert [queue.refused(), queue.refused()] == [2, 2]


def test_readers_beside_each_other_see_no_refusals_that_never_were() -> None:
    """Two counters were read one after the other: each reader disturbed the others."""
    queue, wrong = make_queue(max_bytes=10), []
    queue.offer(1, 11)
    begin = threading.Barrier(4)

    def read() -> None:
        begin.wait(PATIENCE_S)
        wrong.extend(n for _ in range(20_000) if (n := queue.refused()) != 1)

    readers = [threading.Thread(target=read) for _ in range(4)]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
    finally:
        sys.setswitchinterval(before)
    assert wrong == []


def test_a_batch_ends_at_its_items_or_at_its_bytes() -> None:
    queue = make_queue(max_bytes=10_000)
    for size in (1, 1, 1, 1, 1, 390, 390, 1):
        queue.offer(size, size)
    assert queue.take_batch() == [1, 1, 1, 1]
    assert queue.take_batch() == [1, 390, 390]
    assert queue.take_batch() == [1]


def test_nothing_is_taken_after_it_was_closed() -> None:
    queue = make_queue()
    queue.is_closed = True
    queue.offer(1, 1)
    assert (len(queue), queue.refused()) == (0, 1)


def test_the_first_item_wakes_a_reader_of_an_empty_queue() -> None:
    queue = make_queue()
    taken: list[list[int]] = []

    def read() -> None:
        queue.sleep_until_item(PATIENCE_S)
        taken.append(queue.take_batch())

    reader = threading.Thread(target=read)
    reader.start()
    queue.offer(7, 1)
    reader.join(PATIENCE_S)
    assert taken == [[7]]


def test_a_full_batch_wakes_a_reader_that_gathers() -> None:
    for sizes in ([1, 1, 1, 1], [200, 200]):
        queue = make_queue()
        reader = threading.Thread(
            target=queue.sleep_until_full_batch, args=(PATIENCE_S,)
        )
        reader.start()
        for size in sizes:
            queue.offer(size, size)
        reader.join(PATIENCE_S)
        assert not reader.is_alive()


def test_a_reader_that_rests_is_woken_by_name_alone() -> None:
    queue = make_queue()
    reader = threading.Thread(target=queue.sleep, args=(PATIENCE_S,))
    reader.start()
    for number in range(8):
        queue.offer(number, 100)
    assert reader.is_alive()
    queue.wake()
    reader.join(PATIENCE_S)
    assert not reader.is_alive()


def test_offers_from_many_threads_are_each_taken_or_counted() -> None:
    queue: BoundedQueue[int] = BoundedQueue(
        5_000, full_batch_items=64, full_batch_bytes=1_000
    )
    n_threads, n_each = 8, 2_000
    begin = threading.Barrier(n_threads + 1)

    def offer() -> None:
        begin.wait(PATIENCE_S)
        for number in range(n_each):
            queue.offer(number, 10)

    threads = [threading.Thread(target=offer) for _ in range(n_threads)]
    for thread in threads:
        thread.start()
    begin.wait(PATIENCE_S)
    n_taken = 0
    while any(thread.is_alive() for thread in threads) or len(queue):
        n_taken += len(queue.take_batch())
    assert n_taken + queue.refused() == n_threads * n_each
    assert queue.n_bytes == 0


def test_a_long_backlog_is_taken_in_larger_batches() -> None:
    queue: BoundedQueue[int] = BoundedQueue(
        1 << 20, full_batch_items=10, full_batch_bytes=1 << 20
    )
    for number in range(10 * BACKLOG_BATCHES + 11):
        queue.offer(number, 1)
    sizes = []
    while len(queue):
        sizes.append(len(queue.take_batch()))
    assert sizes == [10 * BACKLOG_BATCHES, 10, 1]


class Sleeper(BoundedQueue[int]):
    """A queue whose reader does something instead of sleeping; wakes are counted."""

    n_slept = n_woken = 0

    def during(self) -> None:
        pass

    def sleep(self, timeout_s: float) -> None:
        self.n_slept += 1
        self.during()

    def wake(self) -> None:
        self.n_woken += 1


def make_sleeper() -> Sleeper:
    return Sleeper(1000, full_batch_items=4, full_batch_bytes=400)


def test_a_reader_of_an_empty_queue_is_woken_by_one_item_and_then_no_more() -> None:
    queue = make_sleeper()
    queue.during = lambda: queue.offer(1, 1)  # type: ignore[method-assign]
    queue.sleep_until_item(PATIENCE_S)
    assert (queue.n_slept, queue.n_woken) == (1, 1)
    queue.sleep_until_item(PATIENCE_S)
    for number in range(8):
        queue.offer(number, 60)
    assert (queue.n_slept, queue.n_woken) == (1, 1)


@pytest.mark.parametrize("sizes", [[1, 1, 1, 1], [399, 1], [400]])
def test_a_reader_that_gathers_is_woken_by_what_fills_a_batch_and_not_before(
    sizes: list[int],
) -> None:
    queue, woken = make_sleeper(), []

    def offers() -> None:
        for size in sizes:
            queue.offer(size, size)
            woken.append(queue.n_woken)

    queue.during = offers  # type: ignore[method-assign]
    assert not queue.has_full_batch
    queue.sleep_until_full_batch(PATIENCE_S)
    assert woken == [0] * (len(sizes) - 1) + [1]
    assert queue.has_full_batch
    queue.sleep_until_full_batch(PATIENCE_S)
    queue.offer(1, 1)
    assert (queue.n_slept, queue.n_woken) == (1, 1)


def test_what_just_fits_is_taken_and_half_full_is_not_crowded() -> None:
    crowded: list[int] = []
    queue: BoundedQueue[int] = BoundedQueue(
        100,
        full_batch_items=9,
        full_batch_bytes=900,
        on_crowded=lambda: crowded.append(queue.n_bytes),
    )
    assert (queue.n_bytes, queue.is_half_full) == (0, False)
    queue.offer(1, 50)
    assert (crowded, queue.is_half_full) == ([], False)
    queue.offer(2, 50)
    assert (crowded, queue.is_half_full, queue.refused()) == ([100], True, 0)
    queue.offer(3, 1)
    assert (len(queue), queue.refused()) == (2, 1)


def test_bytes_are_counted_down_as_items_go_and_put_right_when_all_are_gone() -> None:
    queue: BoundedQueue[int] = BoundedQueue(
        1000, full_batch_items=9, full_batch_bytes=3
    )
    for number in range(4):
        queue.offer(number, 1)
    assert queue.take_batch() == [0, 1, 2]
    assert (queue.n_bytes, queue.n_taken, queue.n_offered()) == (1, 3, 4)
    queue._bytes_in += 7  # as after two callers at the same moment
    assert queue.take_batch() == [3]
    assert queue.n_bytes == 0


@pytest.mark.parametrize(("n_items", "taken"), [(80, 10), (81, 80)])
def test_a_backlog_is_more_than_so_many_batches_of_items(
    n_items: int, taken: int
) -> None:
    assert BACKLOG_BATCHES == 8
    queue: BoundedQueue[int] = BoundedQueue(
        10_000, full_batch_items=10, full_batch_bytes=10_000
    )
    for number in range(n_items):
        queue.offer(number, 1)
    assert len(queue.take_batch()) == taken


@pytest.mark.parametrize(("n_bytes", "taken"), [(80, 10), (81, 80)])
def test_a_backlog_is_more_than_so_many_batches_of_bytes(
    n_bytes: int, taken: int
) -> None:
    queue: BoundedQueue[int] = BoundedQueue(
        10_000, full_batch_items=1000, full_batch_bytes=10
    )
    for number in range(n_bytes):
        queue.offer(number, 1)
    assert len(queue.take_batch()) == taken
