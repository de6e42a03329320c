"""What the address says of a table's columns, and of the period."""

from dashboard_pages import components, page
from processes import CollectorProcess


def test_the_table_of_groups_has_the_columns_that_the_address_names(
    collector: CollectorProcess, told: str
) -> None:
    usual = components(page(collector, project=told))["groups"]["columns"]
    assert {"p99", "first_p50"} <= {column["key"] for column in usual}
    chosen = components(page(collector, project=told, cols="p99"))["groups"]["columns"]
    assert [column["key"] for column in chosen] == ["group", "calls", "p99"]


def test_a_period_of_the_address_is_a_choice_beside_the_others(
    collector: CollectorProcess, told: str
) -> None:
    asked = "2020-01-01T00:00Z..2020-01-02T00:00Z"
    app = page(collector, "traces", project=told, range=asked)

    assert app.selectbox(key=f"range-{asked}").value == asked
    assert "01-01 00:00–01-02 00:00" in app.selectbox(key=f"range-{asked}").options
    app.button(key="widen").click().run()
    assert app.query_params["range"] == "1h"
