"""What must not leave, wherever on a span or a score an app puts it."""

import re

import pytest

import tracer
from tracer import semconv, testing
from tracer._values.redact import WITHHELD
from tracer._values.secret_texts import REDACTED
from tracer.testing import Captured

PHONE = re.compile(r"\d{3}-\d{4}")


def everything_said(captured: Captured) -> str:
    return f"{captured.spans} {captured.scores}"


def test_attributes_and_events_under_names_of_secrets_are_redacted() -> None:
    with testing.capture() as captured:
        with tracer.span("s", attributes={"password": "hush", "n": 1}) as span:
            span.set_attribute("api_key", "hush")
            span.set_attribute("body", '{"api_key": "hush"}')
            span.set_attributes({"app.db.password": "hush", "max_tokens": 5})
            span.set_attribute("parts", ["{'token': 'hush'}", "x"])
            span.add_event("e", {"password": "hush", "m": 2})
            span.add_event("bare")
    found = captured.span("s")
    assert "hush" not in everything_said(captured)
    assert found.attributes["api_key"] == REDACTED
    assert (found.attributes["n"], found.attributes["max_tokens"]) == (1, 5)
    assert found.events[0] == ("e", {"password": REDACTED, "m": 2})


def test_metadata_that_holds_pairs_is_redacted() -> None:
    with testing.capture() as captured:
        pairs = [("Authorization", "Bearer hush")]
        with tracer.span("s", metadata={"headers": pairs, "odd": "{'pwd': 'hush'}"}):
            pass
    assert "hush" not in everything_said(captured)


@pytest.mark.parametrize(
    "error", [ValueError('{"password": "hush"}'), KeyError({"password": "hush"})]
)
def test_exceptions_that_quote_a_secret_fail_their_span_without_it(
    error: Exception,
) -> None:
    @tracer.trace
    def fail() -> None:
        raise error

    with testing.capture(share_content=True) as captured, pytest.raises(type(error)):
        fail()
    assert captured.span("fail").status == "error"
    assert "hush" not in everything_said(captured)
    assert REDACTED in captured.span("fail").status_message


def say_everything() -> None:
    with tracer.using(
        user_id="u 010-1234",
        session_id="s 010-1234",
        tags=["t 010-1234"],
        metadata={"m 010-1234": "v 010-1234"},
    ):
        with tracer.span(
            "call 010-1234",
            attributes={"a 010-1234": "b 010-1234"},
            tags=["x 010-1234"],
        ) as span:
            span.add_event("e 010-1234", {"k 010-1234": "v 010-1234"})
            span.set_attribute("c", "010-1234")
            span.output = {"010-1234": "010-1234"}
            tracer.score("p", "like 010-1234", comment="010-1234", author="010-1234")


def test_a_pattern_reaches_every_text_that_an_app_gives() -> None:
    with testing.capture(redact=PHONE) as captured:
        say_everything()
    said = everything_said(captured)
    assert "010-1234" not in said
    assert captured.span(f"call {REDACTED}").attributes[semconv.USER_ID] == (
        f"u {REDACTED}"
    )


def test_a_rule_that_fails_withholds_ids_tags_and_names_too() -> None:
    with testing.capture(redact=lambda value: 1 / 0) as captured:
        say_everything()
    assert "010-1234" not in everything_said(captured)
    (span,) = captured.spans
    assert span.name == WITHHELD
    assert span.attributes[semconv.USER_ID] == WITHHELD
    assert span.tags == (WITHHELD,)


def test_rules_hold_for_what_a_decorator_said_before_they_were_given() -> None:
    @tracer.trace(
        name="f 010-1234", tags=["010-1234"], metadata={"ssn": "x", "m": "010-1234"}
    )
    def function() -> None:
        """Do nothing."""

    with testing.capture(redact=[PHONE, "ssn"]) as captured:
        function()
    (span,) = captured.spans
    assert (span.name, span.tags) == (f"f {REDACTED}", (REDACTED,))
    assert span.metadata == {"ssn": REDACTED, "m": REDACTED}
