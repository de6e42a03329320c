"""Senders of requests: as fast as they are answered, or paced as small services are."""

import queue
import threading
import time

import urllib3

N_SENDERS = 16
_HEADERS = {"Content-Type": "application/x-protobuf", "Content-Encoding": "gzip"}


def burst(url: str, bodies: list[bytes]) -> list[float]:
    """Send from several threads at once; return how long each answer took, in ms."""
    waiting: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    for body in bodies:
        waiting.put(body)
    took_ms: list[float] = []

    def send() -> None:
        with urllib3.PoolManager() as pool:
            while True:
                try:
                    body = waiting.get_nowait()
                except queue.Empty:
                    return
                took_ms.append(_answered_ms(pool, url, body))

    threads = [threading.Thread(target=send) for _ in range(N_SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(took_ms) == len(bodies), "a sender failed"
    return took_ms


def paced(url: str, bodies: list[bytes], *, each_s: float) -> list[float]:
    """Send one after the other, at set times; return the answers' times, in ms."""
    took_ms = []
    begun_s = time.perf_counter()
    with urllib3.PoolManager() as pool:
        for number, body in enumerate(bodies):
            time.sleep(max(0.0, begun_s + number * each_s - time.perf_counter()))
            took_ms.append(_answered_ms(pool, url, body))
    return took_ms


def _answered_ms(pool: urllib3.PoolManager, url: str, body: bytes) -> float:
    begun_s = time.perf_counter()
    answer = pool.request("POST", f"{url}/v1/traces", body=body, headers=_HEADERS)
    took_ms = (time.perf_counter() - begun_s) * 1000
    assert answer.status == 200, answer.data
    assert not answer.data, answer.data
    return took_ms
