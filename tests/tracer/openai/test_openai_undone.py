"""After real calls with a retry, and undoing, nothing of ours is left anywhere."""

import gc
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import openai
import pytest
from openai._base_client import AsyncAPIClient, SyncAPIClient
from openai_calls import ASK, MODEL, scenario
from openai_ways import Way, drained
from openinference.instrumentation.openai import OpenAIInstrumentor as OpenInference

import tracer
from tracer import testing
from tracer._openai import server
from tracer.testing import Captured

HOUSE = Path(__file__).parents[3]
CLASSES = (openai.OpenAI, openai.AsyncOpenAI, SyncAPIClient, AsyncAPIClient)
RESENT = "http.request.resend_count"


@pytest.fixture
def plain(way: Way) -> Way:
    """A client of either kind that is not wrapped, while no other is."""
    tracer.unwrap_openai(way.client)
    gc.collect()
    for client in (openai.OpenAI(api_key="k"), openai.AsyncOpenAI(api_key="k")):
        tracer.unwrap_openai(tracer.wrap_openai(client))
    return way


def as_it_is(way: Way) -> list[dict[str, Any]]:
    return [dict(vars(each)) for each in (way.client, *CLASSES)]


async def ask_twice(way: Way) -> None:
    """Ask plainly and for a stream, with a retry each time."""
    once = scenario("rate-limited-once")
    await way.ask("chat.completions.create", **ASK, **once)
    await drained(await way.ask("chat.completions.create", **ASK, **once, stream=True))


async def test_unwrapping_leaves_client_and_classes_as_they_were(
    plain: Way, captured: Captured
) -> None:
    await ask_twice(plain)
    before = as_it_is(plain)

    tracer.wrap_openai(plain.client)
    await ask_twice(plain)
    tracer.unwrap_openai(plain.client)

    assert as_it_is(plain) == before
    assert [span.attributes[RESENT] for span in captured.spans] == [1, 1]


async def test_switching_off_leaves_client_and_classes_as_they_were(
    plain: Way, captured: Captured
) -> None:
    await ask_twice(plain)
    before = as_it_is(plain)

    tracer.instrument_openai()
    await ask_twice(plain)
    tracer.uninstrument_openai()

    assert as_it_is(plain) == before
    assert [span.attributes[RESENT] for span in captured.spans] == [1, 1]


@pytest.mark.parametrize("unwrapped_first", [True, False])
async def test_both_ways_undone_in_either_order_leave_nothing(
    plain: Way, captured: Captured, unwrapped_first: bool
) -> None:
    await ask_twice(plain)
    before = as_it_is(plain)

    tracer.instrument_openai()
    tracer.wrap_openai(plain.client)
    await ask_twice(plain)
    if unwrapped_first:
        tracer.unwrap_openai(plain.client)
    tracer.uninstrument_openai()
    await ask_twice(plain)
    tracer.unwrap_openai(plain.client)

    assert as_it_is(plain) == before
    expected = 2 if unwrapped_first else 4
    assert [span.attributes[RESENT] for span in captured.spans] == [1] * expected


async def test_while_they_are_on_the_base_classes_of_other_sdks_stay_as_they_are(
    plain: Way, captured: Captured
) -> None:
    before = [dict(vars(each)) for each in (SyncAPIClient, AsyncAPIClient)]

    tracer.instrument_openai()
    tracer.wrap_openai(plain.client)
    await ask_twice(plain)
    meanwhile = [dict(vars(each)) for each in (SyncAPIClient, AsyncAPIClient)]
    tracer.uninstrument_openai()

    assert meanwhile == before


async def test_a_stream_left_open_over_the_undoing_ends_its_span(
    plain: Way, captured: Captured
) -> None:
    stream = await Way(tracer.wrap_openai(plain.client)).ask(
        "chat.completions.create", **ASK, stream=True
    )
    tracer.unwrap_openai(plain.client)
    await drained(stream)

    assert [span.status for span in captured.spans] == ["ok"]


async def test_retries_are_counted_again_below_what_others_put_above(
    plain: Way, captured: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracer.instrument_openai()
    owner: Any = type(plain.client)
    ours = owner.request

    def above(self: Any, *args: Any, **more: Any) -> Any:
        return ours(self, *args, **more)

    above.__wrapped__ = ours  # type: ignore[attr-defined]
    owner.request = above
    tracer.uninstrument_openai()
    tracer.instrument_openai()
    await ask_twice(plain)
    owner.request = ours
    tracer.uninstrument_openai()

    assert [span.attributes[RESENT] for span in captured.spans] == [1, 1]


async def test_what_is_kept_of_addresses_is_bounded_and_each_clients_own(
    way: Way, captured: Captured
) -> None:
    for port in range(1, 2 * server._KEPT_AT_ONCE):
        other = way.client.with_options(base_url=f"http://127.0.0.1:{port}")
        assert server.server_attributes(other)["server.port"] == port
    await way.ask("chat.completions.create", **ASK)

    assert len(server._kept) <= server._KEPT_AT_ONCE
    assert captured.spans[0].attributes["server.port"] == way.client.base_url.port


@pytest.mark.parametrize("order", ["theirs-first", "ours-first"])
async def test_a_wrapped_client_stays_recorded_when_anothers_patch_is_undone(
    plain: Way, captured: Captured, order: str
) -> None:
    if conflict := OpenInference()._check_dependency_conflicts():
        pytest.skip(str(conflict))
    if order == "ours-first":
        tracer.wrap_openai(plain.client)
    OpenInference().instrument(tracer_provider=testing._provider())
    tracer.wrap_openai(plain.client)
    await plain.ask("chat.completions.create", **ASK)
    OpenInference().uninstrument()
    await plain.ask("chat.completions.create", **ASK)

    assert [span.name for span in captured.spans] == [f"chat {MODEL}"] * 2


def test_threads_that_wrap_one_client_at_once_wrap_it_once(
    bare: openai.OpenAI, captured: Captured
) -> None:
    bare.chat.completions.create(**ASK)
    before, together = dict(vars(bare)), threading.Barrier(8)

    def wrap() -> None:
        together.wait()
        tracer.wrap_openai(bare)

    threads = [threading.Thread(target=wrap) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    bare.chat.completions.create(**ASK)

    assert len(captured.spans) == 1
    assert vars(tracer.unwrap_openai(bare)) == before


FORKING = """
import os, sys, threading
import openai, tracer
from tracer._openai import process, wrapping

held, done = threading.Event(), threading.Event()

def hold():
    with wrapping.everybody.lock, process._lock:
        held.set()
        done.wait()

holder = threading.Thread(target=hold)
holder.start()
held.wait()
child = os.fork()
if child == 0:
    tracer.instrument_openai()
    tracer.unwrap_openai(tracer.wrap_openai(openai.OpenAI(api_key="k")))
    tracer.uninstrument_openai()
    os._exit(0)
_, status = os.waitpid(child, 0)
done.set()
holder.join()
sys.exit(os.waitstatus_to_exitcode(status))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_child_wraps_though_its_parent_was_wrapping_at_the_fork() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FORKING],
        cwd=HOUSE,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
