"""What the address says of a table's columns, and of the period."""

from datetime import UTC, datetime, timedelta

import pytest
from dashboard_pages import components, page, rows, send
from otlp_requests import span
from processes import CollectorProcess

from dashboard import address
from dashboard.scope import Scope
from dashboard.shaping import windows


def test_the_table_of_groups_has_the_columns_that_the_address_names(
    collector: CollectorProcess, told: str
) -> None:
    usual = components(page(collector, project=told))["groups"]["columns"]
    assert {"p99", "first_p50"} <= {column["key"] for column in usual}
    # nothing was called in the period before: nothing has changed since
    assert "change" not in {column["key"] for column in usual}
    chosen = components(page(collector, project=told, cols="p99"))["groups"]["columns"]
    assert [column["key"] for column in chosen] == ["group", "calls", "p99"]
    # of the usual ones some give way where there is no room, of chosen ones none
    assert {column["key"] for column in usual if column["from_px"]} == {
        "first_p50",
        "p99",
    }
    assert not any(column["from_px"] for column in chosen)


def test_a_period_up_to_now_stays_the_same_while_it_moves_on() -> None:
    """Rows that were read for a download were forgotten with the next minute."""
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)

    def chosen(window: windows.Window, now: datetime) -> Scope:
        return Scope(None, window, now, None, None)

    later = noon + timedelta(minutes=1)
    last, next_one = (chosen(windows.last("7d", now=at), at) for at in (noon, later))
    assert last.period == next_one.period
    day, other = (
        chosen(windows.between(noon - timedelta(days=n), noon), noon) for n in (1, 2)
    )
    assert len({last.period, day.period, other.period}) == 3


@pytest.mark.parametrize(
    ("written", "number"),
    [("3", 3), ("007", 7), ("0", 1), ("-2", 1), ("²", 1), ("٣", 1), ("9" * 5000, 1)],
)
def test_what_is_no_number_of_a_page_leads_to_the_first(
    written: str, number: int
) -> None:
    assert address.counted(written) == number


def test_a_period_of_the_address_is_a_choice_beside_the_others(
    collector: CollectorProcess, told: str
) -> None:
    asked = "2020-01-01T00:00Z..2020-01-02T00:00Z"
    app = page(collector, "traces", project=told, range=asked)

    assert app.selectbox(key=f"range-{asked}").value == asked
    shown = "2020-01-01 00:00–2020-01-02 00:00"
    assert shown in app.selectbox(key=f"range-{asked}").options
    app.button(key="widen").click().run()
    assert app.query_params["range"] == "1h"


def test_calls_of_years_ago_are_found_under_all_time(
    collector: CollectorProcess, project: str
) -> None:
    started_ns = int(datetime(2021, 5, 6, 7, 8, tzinfo=UTC).timestamp()) * 10**9
    old = span({}, start_time_unix_nano=started_ns, end_time_unix_nano=started_ns + 1)
    send(collector, old, project=project)

    app = page(collector, "traces", project=project)
    app.button(key="widen").click().run()
    assert app.query_params["range"] == "all"
    assert len(rows(app, "traces-wide")) == 1
    everything = page(collector, project=project, range="all")
    assert components(everything)["tiles"]["tiles"][0]["value"] == "1"
