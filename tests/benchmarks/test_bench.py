"""The bench measures what it says: every call arrives, and goals are judged right."""

import sys
from collections.abc import Iterator

import pytest

from benchmarks import rounds, sink
from benchmarks.arrivals import Arrival, count
from benchmarks.contestants import CONTESTANTS, DEFAULT_PEERS
from benchmarks.contestants.servers import SERVERS
from benchmarks.environments import PINS
from benchmarks.goals import BEST_PEER, YARDSTICK, Goal, judge
from benchmarks.rounds import Found


@pytest.fixture(scope="module")
def sink_url() -> Iterator[str]:
    with sink.running() as url:
        yield url


@pytest.mark.parametrize(
    ("contestant", "recorded"),
    [
        ("tracer", ["input", "output"]),
        ("sdk-json", ["input", "output"]),
        ("sdk", []),
    ],
)
def test_every_call_of_a_contestant_arrives_with_what_it_records(
    sink_url: str, contestant: str, recorded: list[str]
) -> None:
    told = rounds.work(sys.executable, contestant, "smoke", sink_url)
    assert told == {"sent": 10, "arrived": 10, "marks": recorded, "unread": []}


def test_the_bare_client_leaves_no_spans_beside_the_wrapped_one(sink_url: str) -> None:
    told = rounds.work(sys.executable, "tracer", "canned", sink_url)
    assert told["arrived"] == told["sent"]
    assert told["marks"] == ["input", "reply", "streamed"]


def test_a_contestant_that_fails_is_reported_and_left_out(
    sink_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    lineup = {"weave": sys.executable}  # not installed there
    assert rounds.run(lineup, "smoke", sink_url, n_rounds=2) == {}
    assert capsys.readouterr().err.count("No module named 'weave'") == 1


def test_rows_that_a_vendor_sends_twice_count_once() -> None:
    body = b'{"rows": [{"id": "a"}, {"id": "b"}]}'
    assert count([Arrival("/logs3", "", body)] * 2)["n_spans"] == 2


def test_a_body_that_cannot_be_read_is_told() -> None:
    told = count([Arrival("/v1/traces", "gzip", b"no gzip")])
    assert (told["n_spans"], len(told["unread"])) == (0, 1)


def test_every_environment_has_its_pins_and_every_pin_its_contestant() -> None:
    servers = {server.environment for server in SERVERS if server.environment}
    clients = {each.environment for each in CONTESTANTS.values()}
    assert clients | servers == set(PINS)
    assert set(DEFAULT_PEERS) <= set(CONTESTANTS)
    pins = [pin for place in PINS.values() for names in place.values() for pin in names]
    assert [pin for pin in pins if pin.count("==") != 1] == []


def found(**us: list[float]) -> dict[str, Found]:
    names = {name.replace("_", "-"): values for name, values in us.items()}
    return {
        name: Found(name, rounds=[{"us": value} for value in values])
        for name, values in names.items()
    }


def test_a_goal_is_judged_by_the_ratios_within_the_rounds() -> None:
    both = found(sdk=[10.0, 20.0, 10.0], tracer=[13.0, 26.0, 20.0])
    row = judge(Goal("a call", "us", 1.4, YARDSTICK), both)
    assert row is not None
    assert row[3:] == ["1.30 (1.30–2.00)", "≤ 1.4 ×", "met"]


def test_a_goal_against_the_peers_takes_the_best_of_them() -> None:
    all_of_them = found(tracer=[30.0], phoenix=[90.0], traceloop=[50.0], sdk=[1.0])
    row = judge(Goal("a call", "us", 0.45, BEST_PEER), all_of_them)
    assert row is not None
    assert row[2:] == ["traceloop @task: 50.0", "0.60", "≤ 0.45 ×", "**not met**"]


def test_an_absolute_goal_holds_for_the_median_or_in_every_round() -> None:
    once = found(tracer=[0.0, 0.0, 1.0])
    for in_every_round, verdict in ((False, "met"), (True, "**not met**")):
        goal = Goal("lost", "us", 0, in_every_round=in_every_round)
        row = judge(goal, once)
        assert row is not None
        assert row[-1] == verdict


def test_a_goal_may_be_the_least_that_a_figure_is() -> None:
    for ratio, verdict in ((0.59, "**not met**"), (0.6, "met")):
        row = judge(Goal("ratio", "us", 0.6, at_least=True), found(tracer=[ratio]))
        assert row is not None
        assert row[-2:] == ["≥ 0.6", verdict]


def test_a_goal_against_peers_is_left_out_where_none_ran() -> None:
    assert judge(Goal("a call", "us", 0.45, BEST_PEER), found(tracer=[1.0])) is None
