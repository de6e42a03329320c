"""What a caller is told when a read of the API fails within the collector."""

import logging
import threading

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from collector.access.rights import EVERYTHING
from collector.api.call import Answer, Call, Function, endpoint, json_answer
from collector.config import Settings
from collector.errors import StorageError
from collector.request_body import BodiesHeld
from collector.storage.engine import Store
from collector.storage.reads.reader import Reader, kill


def error_of(store: Store, function: Function) -> tuple[int, dict[str, str]]:
    answered = endpoint(function)

    async def let_in(request: Request) -> Response:
        request.state.access = EVERYTHING
        return await answered(request)

    app = Starlette(routes=[Route("/", let_in)])
    app.state.store = store
    app.state.settings = Settings()
    app.state.bodies_held = BodiesHeld()
    answer = TestClient(app).get("/")
    return answer.status_code, answer.json()["error"]


def reading(condition: str, **settings: object) -> Function:
    """A read of those projects that meet a condition, by a handle of these settings."""

    def read(call: Call) -> Answer:
        with call.store.handle("read") as client:
            for name, value in settings.items():
                client.set_client_setting(name, value)
            reader = Reader(client, call.reader.mark)
            return json_answer(reader.rows("projects", {}, scope=condition))

    return read


def test_a_read_that_needs_too_much_is_told_to_ask_for_less(store: Store) -> None:
    many = "(SELECT length(groupArray(number)) FROM numbers(100000000)) > 0"
    needy = reading(many, max_memory_usage=10_000_000)
    status, error = error_of(store, needy)
    assert (status, error["code"]) == (413, "too_much")
    assert "fewer rows" in error["hint"]


def test_a_read_that_is_ended_for_its_time_is_told_to_ask_for_a_shorter_window(
    store: Store,
) -> None:
    endless = reading("(SELECT count() FROM numbers(1000000000000)) > 0")
    over = threading.Event()

    def end(mark: str) -> None:
        while not over.wait(0.05):
            with store.handle("read") as client:
                kill(client, mark)

    def ended(call: Call) -> Answer:
        threading.Thread(target=end, args=[call.reader.mark]).start()
        try:
            return endless(call)
        finally:
            over.set()

    status, error = error_of(store, ended)
    assert (status, error["code"]) == (504, "too_slow")
    assert "shorter window" in error["hint"]


def test_what_else_the_engine_refuses_is_said_in_the_log_alone(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    status, error = error_of(store, reading("no_such_column = 1"))
    assert (status, error["code"]) == (503, "storage_failed")
    assert error["message"] == "the store did not answer"
    assert "no_such_column" in caplog.text


def test_a_store_that_cannot_be_had_is_named(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(call: Call) -> Answer:
        raise StorageError("the disk is away")

    status, error = error_of(store, fail)
    assert (status, error["code"]) == (503, "storage_failed")
    assert (error["message"], error["hint"]) == ("the disk is away", "try again")
    assert "GET /: the disk is away" in caplog.text


def test_a_bug_is_answered_without_a_word_of_it_and_logged_whole(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(call: Call) -> Answer:
        raise ZeroDivisionError("a secret of ours")

    with caplog.at_level(logging.ERROR):
        status, error = error_of(store, fail)
    assert (status, error["code"]) == (500, "internal")
    assert "secret" not in str(error)
    assert "ZeroDivisionError: a secret of ours" in caplog.text
