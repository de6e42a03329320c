"""Errors say what happened and what to do, and can be caught by kind."""

import pytest

import tracer.errors
from tracer.errors import CollectorError, NotFoundError, TracerError


def test_an_error_of_the_collector_carries_status_code_and_hint() -> None:
    error = NotFoundError("no trace abc", status=404, code="not_found", hint="look")
    assert (error.status, error.code, error.hint) == (404, "not_found", "look")
    assert str(error) == "no trace abc (look)"


def test_without_an_answer_the_collector_was_not_reached() -> None:
    error = CollectorError("nobody answers")
    assert (error.status, error.code, str(error)) == (
        None,
        "unreachable",
        "nobody answers",
    )


@pytest.mark.parametrize("kind", TracerError.__subclasses__())
def test_the_tree_of_the_page_names_every_error(kind: type[TracerError]) -> None:
    assert kind.__module__ != "tracer.errors" or kind.__name__ in str(
        tracer.errors.__doc__
    )
