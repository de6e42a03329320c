"""What follows from a reading: fire once, end once, rest in between."""

import pytest

from tracer.alerts.messages import message, text
from tracer.alerts.rules import Reading, Rule, Standing, step
from tracer.errors import ConfigurationError

MINUTE_NS = 60 * 10**9


def rule(**fields: object) -> Rule:
    return Rule.of({"id": "r", "project": "p", "threshold": 0.1} | fields)


def events(of: Rule, *readings: Reading, every_ns: int = MINUTE_NS) -> list[str | None]:
    """What is told, look by look."""
    standing, told = Standing(), []
    for number, reading in enumerate(readings, start=1):
        standing, event = step(of, standing, reading, now_ns=number * every_ns)
        told.append(event)
    return told


def test_it_fires_once_and_recovers_once() -> None:
    readings = [Reading(value, 100) for value in (0.05, 0.2, 0.3, 0.05, 0.05)]
    assert events(rule(), *readings) == [None, "fired", None, "recovered", None]


def test_a_firing_ends_only_beyond_where_it_clears() -> None:
    readings = [Reading(value, 100) for value in (0.2, 0.09, 0.04)]
    assert events(rule(clear=0.05), *readings) == ["fired", None, "recovered"]


def test_after_an_end_nothing_fires_until_the_cool_down_is_over() -> None:
    readings = [Reading(value, 100) for value in (0.2, 0.0, 0.2, 0.2, 0.2)]
    told = events(rule(cooldown_s=120), *readings)
    assert told == ["fired", "recovered", None, "fired", None]


def test_too_few_calls_conclude_nothing_either_way() -> None:
    readings = [Reading(0.5, 19), Reading(0.5, 20), Reading(0.0, 3), Reading(None, 0)]
    assert events(rule(), *readings) == [None, "fired", None, None]


def test_no_calls_are_a_number_of_calls() -> None:
    stopped = rule(measure="calls", test="below", threshold=1)
    assert events(stopped, Reading(0.0, 0)) == ["fired"]


@pytest.mark.parametrize(
    ("direction", "value", "fires"),
    [
        ("up", 1.2, True),
        ("up", 0.8, False),
        ("down", 0.8, True),
        ("down", 1.2, False),
        ("either", 0.8, True),
        ("either", 1.05, False),
    ],
)
def test_a_change_counts_in_its_direction(
    direction: str, value: float, fires: bool
) -> None:
    changed = rule(test="change", direction=direction)
    reading = Reading(value, 100, baseline=1.0, baseline_n=100)
    assert events(changed, reading) == ["fired" if fires else None]


def test_a_change_that_may_be_luck_or_has_no_base_does_not_fire() -> None:
    changed = rule(test="change")
    luck = Reading(2.0, 100, 1.0, 100, is_shown=False)
    no_base = Reading(2.0, 100, 0.0, 100)
    few_before = Reading(2.0, 100, 1.0, 5)
    assert events(changed, luck, no_base, few_before) == [None, None, None]


def test_windows_that_are_compared_do_not_overlap() -> None:
    week = rule(test="change", window_s=604_800, against="day")
    assert week.lag_s == 604_800
    assert rule(test="change", window_s=3600, against="week").lag_s == 604_800


@pytest.mark.parametrize(
    "wrong", [{"measure": "mood"}, {"window_s": 60}, {"measure": "score"}]
)
def test_a_rule_that_cannot_be_judged_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ConfigurationError):
        rule(**wrong)


def test_a_message_is_a_line_for_people_and_facts_for_programs() -> None:
    told = message(
        rule(name="too many <!channel> errors"),
        "fired",
        Reading(0.123, 340),
        id="x",
        fired_ns=1_795_000_000 * 10**9,
        now_ns=1_795_000_000 * 10**9,
    )
    assert told["text"] == (
        "Alert: too many &lt;!channel&gt; errors – error rate is 12.3% "
        "(limit: above 10.0%; n 340, last hour, project p)"
    )
    assert (told["id"], told["event"], told["value"], told["n"]) == (
        "x-fired",
        "fired",
        0.123,
        340,
    )
    assert (told["fired_at"], told["recovered_at"]) == ("2026-11-18T11:06:40Z", None)
    assert told["url"] is None


def test_a_message_leads_to_the_alert_and_its_window_where_the_dashboard_is_known() -> (
    None
):
    noon_ns = 1_795_003_200 * 10**9 + 5
    told = message(
        rule(project="한 곳", window_s=3600),
        "recovered",
        Reading(0.05, 340),
        id="x",
        fired_ns=noon_ns,
        now_ns=noon_ns + 600 * 10**9,
        dashboard="https://host/ui",
    )
    assert told["url"] == (
        "https://host/ui/alerts?project=%ED%95%9C+%EA%B3%B3&alert=r"
        "&range=2026-11-18T11:00Z..2026-11-18T12:11Z"
    )
    assert told["text"].endswith(f" {told['url']}")


def test_a_message_of_a_change_names_what_it_changed_from() -> None:
    changed = rule(test="change", direction="down", measure="score", score="좋음")
    said = text(changed, "recovered", Reading(0.9, 50, 1.0, 60))
    assert said == (
        "Recovered: r – mean of 좋음 is 0.900, −10% against 1 the time before "
        "(limit: down by 10% against the time before; n 50, last hour, project p)"
    )


def test_what_is_negative_has_a_minus_sign() -> None:
    low = rule(measure="score", score="좋음", test="below", threshold=-0.2)
    said = text(low, "fired", Reading(-0.25, 50))
    assert "is −0.250 (limit: below −0.200;" in said


@pytest.mark.parametrize(
    ("measure", "value", "shown"),
    [
        ("error_rate", 0.123, "12.3%"),
        ("latency_p95_ms", 1234.6, "1.23 s"),
        ("cost_usd", 1234.5678, "$1,234.57"),
        ("cost_usd", 0.00123, "$0.0012"),
        ("calls", 12345.0, "12,345"),
        ("error_rate", None, "unknown"),
    ],
)
def test_a_value_is_told_with_its_unit(
    measure: str, value: float | None, shown: str
) -> None:
    said = text(rule(measure=measure), "fired", Reading(value, 7))
    assert f" is {shown} (limit: above " in said
