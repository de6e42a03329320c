"""What calls add up to by a field: the table, its chart, the traces behind a row."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from dashboard.shaping import cells, numbers
from dashboard.shaping.cells import Cell, Column
from dashboard.shaping.conditions import write
from dashboard.shaping.traffic.overview import error_rate, moment, tokens

Row = Mapping[str, Any]

BYS: Final = ("model", "user_id", "tags", "environment", "release")
MEASURES: Final = ("calls", "errors", "p95", "tokens", "cost")
MOST_DRAWN: Final = 6
USUAL: Final = (
    *("change", "errors", "p50", "p95", "p99", "first_p50", "tokens", "cost"),
)
"""Columns of the table unless others are chosen, behind group and calls."""
OFFERED: Final = (
    *("change", "errors", "p50", "p95", "p99", "first_p50", "first_p95"),
    *("input_tokens", "output_tokens", "tokens", "cost", "cost_per_call"),
)
"""Columns to choose from, in their order."""
_FROM_PX: Final = {"first_p50": 640, "p99": 560}
_CHANGE_PX: Final = 80
"""How wide the table must be for a usual column to be shown; more with the change."""
FIRST_TOKEN: Final = frozenset({"first_p50", "first_p95"})
"""Columns that take a read of their own."""
FAILED: Final = "failed:"
"""Before the id of a row, the cell of its failures."""


def measure(row: Row, name: str) -> float | None:
    """Return one of `MEASURES` of a row."""
    if name == "p95":
        return float(row["p95_ms"]) if row["p95_ms"] is not None else None
    values = {
        "calls": row["n_calls"],
        "errors": row["n_errors"],
        "tokens": tokens(row),
        "cost": row["cost_usd"] or 0.0,
    }
    return float(values[name])


def course(
    rows: Sequence[Row], name: str, *, named: Sequence[str], nameless: str, other: str
) -> list[dict[str, Any]]:
    """Return long rows of a measure by bucket and group.

    What adds up has the groups that are not named as ``other``; percentiles do not.
    """
    sums: dict[tuple[int, str], float] = {}
    for row in rows:
        series = row["group"] or nameless
        value = measure(row, name)
        if value is None or (series not in named and name == "p95"):
            continue
        key = row["bucket_ns"], series if series in named else other
        sums[key] = sums.get(key, 0.0) + value
    return [
        {"at": moment(bucket), "series": series, "value": value}
        for (bucket, series), value in sorted(sums.items())
        if value or name == "p95"
    ]


def largest(rows: Iterable[Row], name: str, *, nameless: str) -> list[str]:
    """Return the groups with most of a measure, the most first."""
    by_size = sorted(rows, key=lambda row: -(measure(row, name) or 0))
    return [row["group"] or nameless for row in by_size[:MOST_DRAWN]]


def chosen(asked: Sequence[str]) -> list[str]:
    """Return the columns that are asked for and known, in order; else the usual."""
    return [name for name in OFFERED if name in asked] or list(USUAL)


def columns(
    texts: Mapping[str, str],
    shown: Sequence[str] = USUAL,
    *,
    group: str,
    helps: Mapping[str, str],
) -> list[Column]:
    """Return the columns of a table of groups.

    Args:
        texts: What people call each.
        shown: Those of `OFFERED` that are wanted.
        group: What people call the groups.
        helps: What some of them mean.
    """
    more_px = _CHANGE_PX if "change" in shown else 0
    is_usual = set(shown) | {"change"} == set(USUAL)
    room = {name: px + more_px for name, px in _FROM_PX.items()} if is_usual else {}
    return [
        Column("group", group, "minmax(90px, 1fr)"),
        Column("calls", texts["calls"], "96px"),
        *(
            Column(
                name,
                texts[name],
                "max-content",
                end=True,
                help=helps.get(name, ""),
                from_px=room.get(name, 0),
            )
            for name in shown
        ),
    ]


def table(
    rows: Iterable[Row],
    before: Iterable[Row],
    streams: Iterable[Row] = (),
    *,
    nameless: str,
) -> list[dict[str, Any]]:
    """Return a table of groups, most called first; a row's id is its group's name.

    Args:
        rows: The groups.
        before: Those of the period before.
        streams: Times to the first token by group.
        nameless: What people call the group of calls that name none.
    """
    rows = sorted(rows, key=lambda row: -row["n_calls"])
    earlier = {row["group"]: row["n_calls"] for row in before}
    first = {row["group"]: row for row in streams}
    most = max((row["n_calls"] for row in rows), default=0)
    return [
        cells.row(
            row["group"] or "",
            group=cells.words(row["group"] or nameless, soft=not row["group"]),
            calls=cells.bar(
                row["n_calls"], most=most, text=numbers.compact(row["n_calls"])
            ),
            change=cells.words(
                numbers.change(row["n_calls"], earlier.get(row["group"])), soft=True
            ),
            errors=_failures(row),
            p50=numbers.duration(row["p50_ms"]),
            p95=numbers.duration(row["p95_ms"]),
            p99=numbers.duration(row["p99_ms"]),
            **_first_tokens(first.get(row["group"])),
            input_tokens=numbers.compact(row["input_tokens"] or None),
            output_tokens=numbers.compact(row["output_tokens"] or None),
            tokens=numbers.compact(tokens(row) or None),
            cost=numbers.money(row["cost_usd"]),
            cost_per_call=numbers.money(_per_call(row)),
        )
        for row in rows
    ]


def _first_tokens(stream: Row | None) -> dict[str, Cell]:
    if stream is None:
        return {}
    n = numbers.count(stream["n_calls"])
    return {
        f"first_{name}": cells.words(
            numbers.duration(stream[f"{name}_ms"]), title=f"n {n}"
        )
        for name in ("p50", "p95")
    }


def _per_call(row: Row) -> float | None:
    cost, n_calls = row["cost_usd"], row["n_calls"]
    return None if cost is None or not n_calls else cost / n_calls


def _failures(row: Row) -> Cell:
    share = numbers.percent(error_rate(row))
    if not row["n_errors"]:
        return share
    title = f"{numbers.count(row['n_errors'])} / {numbers.count(row['n_calls'])}"
    opens = f"{FAILED}{row['group'] or ''}"
    return cells.score(share, tone="bad", fill=0.1, opens=opens, title=title)


def link(by: str, opened: str) -> dict[str, str]:
    """Return parameters of the list of traces behind a row, or its failures."""
    is_failed = opened.startswith(FAILED)
    group = opened.removeprefix(FAILED)
    if not group:
        condition: tuple[object, ...] = (by, "missing", None)
    else:
        condition = (by, "contains" if by == "tags" else "=", group)
    return {"filter": write(condition)} | ({"status": "error"} if is_failed else {})
