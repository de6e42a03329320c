"""What load balancers are told of a store that does not answer."""

import socket
from collections.abc import Iterator

import anyio
import httpx
import pytest
import urllib3
from processes import CollectorProcess
from starlette.applications import Starlette

from collector import health
from collector.storage.engine import Store
from collector.storage.location import parse_store_url


@pytest.fixture
def hung() -> Iterator[socket.socket]:
    """A server that takes connections and says nothing, as one that was stopped."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def test_a_store_that_hangs_is_not_ready_and_looked_at_once_for_all_who_ask(
    hung: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer came never, or minutes later, when the driver gave up."""
    monkeypatch.setattr(health, "READY_LIMIT_S", 0.2)
    url = f"http://127.0.0.1:{hung.getsockname()[1]}/calls"
    app = Starlette(routes=health.ROUTES)
    app.state.store, app.state.writer = Store(parse_store_url(url), None), None
    app.state.ready_look = health.Look(health.why_not_ready)
    answers: list[httpx.Response] = []

    async def ask(client: httpx.AsyncClient) -> None:
        answers.append(await client.get("http://collector/readyz"))

    async def all_ask() -> None:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport) as client:
            async with anyio.create_task_group() as group:
                for _ in range(3):
                    group.start_soon(ask, client)
            await ask(client)
            hung.accept()[0].close()
            hung.setblocking(False)
            with pytest.raises(BlockingIOError):
                hung.accept()
            hung.close()  # ends the look

    anyio.run(all_ask)
    assert [answer.status_code for answer in answers] == [503] * 4
    said = {answer.json()["message"] for answer in answers}
    assert said == {f"the store {url} has not answered for 0 s; it hangs"}


def test_the_metrics_have_the_disks_bytes(collector: CollectorProcess) -> None:
    text = urllib3.request("GET", f"{collector.url}/metrics").data.decode()
    told = dict(line.rsplit(" ", 1) for line in text.splitlines() if line[0] != "#")
    assert int(told["tracer_disk_free_bytes"]) > int(told["tracer_disk_bytes"]) >= 0
    assert "# TYPE tracer_disk_bytes gauge\n" in text
