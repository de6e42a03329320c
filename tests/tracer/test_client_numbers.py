"""Numbers of calls, as a notebook asks for them."""

from past_calls import send_calls
from processes import CollectorProcess

from tracer.client import Client


def test_reasons_of_failures_and_latency_with_its_ends(
    collector: CollectorProcess, project: str
) -> None:
    client = Client(collector.url)
    send_calls(collector.url, project, 80, failed=3)
    [reason] = client.errors(project=project)
    assert (reason["message"], reason["n"]) == ("no answer", 3)
    [row] = client.latency(project=project)
    assert (row["n"], row["p50_ms"]) == (80, 1000)
    assert row["p95_low_ms"] == row["p95_high_ms"] == 1000


def test_a_total_may_be_cut_to_the_groups_with_most_calls(
    collector: CollectorProcess, project: str
) -> None:
    client = Client(collector.url)
    send_calls(collector.url, project, 5, failed=1)
    rows = client.stats(project=project, by="status", limit=1)
    assert [(row["group"], row["n_calls"]) for row in rows] == [("ok", 4)]
    assert rows.truncated
