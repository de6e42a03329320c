"""The queue is bounded, counts what it refuses, and wakes its reader in time."""

import sys
import threading

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
