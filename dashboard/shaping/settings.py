"""The settings' tables: projects, keys, prices, health, ledger."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from dashboard.shaping import cells, numbers
from dashboard.shaping.cells import Cell, Column, Tone
from tracer._build import build, described
from tracer._sizes import size_text

Row = Mapping[str, Any]

_VERDICTS: Final[Mapping[str, Tone]] = {
    "complete": "good",
    "gaps": "bad",
    "partial": "bad",
    "repeated": "warn",
}
_STATES: Final[Mapping[str, Tone]] = {
    "active": "good",
    "revoked": "bad",
    "expired": "none",
}


def size(n_bytes: float | None) -> str:
    """Return bytes in the unit that reads best (``1.2 GB``)."""
    return numbers.NOTHING if n_bytes is None else size_text(n_bytes)


def disk_sum(disk: Iterable[Row], health: Row, form: str) -> str:
    """Return how the projects' estimates and the store's whole size go together.

    Args:
        disk: As `Client.disk` has them, of all projects.
        health: As `Client.health` has it.
        form: Sentence with ``{projects}``, ``{others}`` and ``{total}``.

    Returns:
        Nothing for a key that is not told the whole size.
    """
    total = health.get("disk_bytes")
    if total is None:
        return ""
    of_projects = sum(row["bytes_estimated"] for row in disk)
    others = max(0, total - of_projects)
    return form.format(
        projects=size(of_projects), others=size(others), total=size(total)
    )


def days(n: int | None, *, for_ever: str, form: str) -> str:
    """Return how long something is kept; 0 days is for ever."""
    if n is None:
        return numbers.NOTHING
    return numbers.plural(n, form) if n else for_ever


def project_columns(names: Mapping[str, str]) -> list[Column]:
    """Return the columns of the list of projects."""
    return [
        Column("project", names["project"], "minmax(140px, 1fr)"),
        Column("spans", names["spans"], "max-content", end=True),
        Column("traces", names["traces"], "max-content", end=True),
        Column("first", names["first"], "max-content"),
        Column("last", names["last"], "max-content"),
        Column("disk", names["disk"], "minmax(140px, max-content)", help=names["note"]),
        Column("kept", names["kept"], "max-content"),
        Column("kept_runs", names["kept_runs"], "max-content"),
    ]


def project_rows(
    projects: Iterable[Row],
    disk: Iterable[Row],
    retention: Row | None,
    *,
    words: Mapping[str, str],
) -> list[Row]:
    """Return projects as rows of a table; their ids are their names.

    Args:
        projects: As `Client.projects` has them.
        disk: As `Client.disk` has them.
        retention: As `Client.retention` has it; None for who may not see it.
        words: ``for_ever``, ``days`` (its forms) and ``own``.
    """
    taken = {row["project"]: row["bytes_estimated"] for row in disk}
    most = max(taken.values(), default=0)
    everywhere = retention["everywhere"] if retention else {}
    own = {row["project"]: row for row in retention["rows"]} if retention else {}

    def kept(project: str, key: str) -> Cell:
        ages = own.get(project)
        n = (ages or everywhere).get(key)
        shown = days(n, for_ever=words["for_ever"], form=words["days"])
        return cells.words(
            f"{shown} · {words['own']}" if ages else shown, soft=ages is None
        )

    return [
        cells.row(
            row["project"],
            project=cells.words(row["project"]),
            spans=numbers.count(row["n_spans"]),
            traces=numbers.count(row["n_traces"]),
            first=cells.moment(row["first"]),
            last=cells.moment(row["last"]),
            disk=cells.bar(
                taken.get(row["project"]),
                most=most,
                text=f"≈ {size(taken.get(row['project']))}",
            ),
            kept=kept(row["project"], "days"),
            kept_runs=kept(row["project"], "evaluation_days"),
        )
        for row in projects
    ]


def key_columns(names: Mapping[str, str]) -> list[Column]:
    """Return the columns of the list of keys."""
    return [
        Column("state", names["state"], "max-content"),
        Column("name", names["name"], "minmax(120px, 1fr)"),
        Column("id", names["id"], "max-content"),
        Column("scopes", names["scopes"], "max-content"),
        Column("project", names["project"], "max-content"),
        Column("created", names["created"], "max-content"),
        Column("by", names["by"], "max-content"),
        Column("expires", names["expires"], "max-content"),
        Column("used", names["used"], "max-content", help=names["used_help"]),
    ]


def key_rows(keys: Iterable[Row], words: Mapping[str, str]) -> list[Row]:
    """Return keys as rows of a table."""
    return [
        cells.row(
            key["id"],
            state=cells.badge(words[key["state"]], _STATES[key["state"]], dot=True),
            name=cells.words(key["name"]),
            id=cells.words(key["id"], mono=True, soft=True),
            scopes=cells.chips(key["scopes"]),
            project=cells.words(key["project"] or words["all"], soft=True),
            created=cells.moment(key["created"]),
            by=cells.words(key["created_by"], soft=True),
            expires=cells.moment(key["expires"]) or words["never"],
            used=cells.moment(key["last_used"]),
        )
        for key in keys
    ]


def price_rows(lists: Iterable[Row], words: Mapping[str, str]) -> list[Row]:
    """Return price lists as rows of a table."""
    return [
        cells.row(
            row["source"],
            source=cells.words(row["source"]),
            kind=cells.badge(
                words["own" if row["is_own"] else "list"],
                "info" if row["is_own"] else "none",
            ),
            models=numbers.count(row["n_models"]),
            at=cells.moment(row["at"]),
        )
        for row in lists
    ]


def own_price_rows(own: Iterable[Row]) -> list[Row]:
    """Return the user's own prices as rows of a table, US dollars a million tokens."""
    return [
        cells.row(
            f"{number}",
            provider=cells.words(row["provider"], soft=True),
            model=cells.words(row["model"]),
            since=cells.words(row["first_day"], soft=True),
            **{
                part: numbers.money(row[f"{part}_usd_per_mtok"])
                for part in ("input", "output", "cache_read")
            },
        )
        for number, row in enumerate(own)
    ]


def unpriced_rows(unpriced: Iterable[Row]) -> list[Row]:
    """Return models without a price as rows of a table."""
    return [
        cells.row(
            f"{row['provider']}/{row['model']}",
            provider=cells.words(row["provider"], soft=True),
            model=cells.words(row["model"]),
            calls=numbers.count(row["n_spans"]),
            input=numbers.compact(row["input_tokens"]),
            output=numbers.compact(row["output_tokens"]),
            last=cells.moment(row["last"]),
        )
        for row in unpriced
    ]


def plain_columns(names: Mapping[str, str], *shown: str) -> list[Column]:
    """Return columns by their keys: words to the left, figures to the right."""
    figures = {"models", "input", "output", "cache_read", "calls"}
    wide = {"source", "model"}
    return [
        Column(
            key,
            names[key],
            "minmax(140px, 1fr)" if key in wide else "max-content",
            end=key in figures,
        )
        for key in shown
    ]


def health_facts(health: Row, texts: Mapping[str, str]) -> list[tuple[str, Cell]]:
    """Return what a collector says of itself; what this key is not told is left out."""
    said: dict[str, Cell] = {
        "version": described(health["version"], health.get("commit")),
        "dashboard": build(),
        "engine": f"{health['engine']} {health['engine_version']}",
        "schema": str(health["schema_version"]),
        "store": health.get("store"),
        "spans": _counted(health, "spans_stored"),
        "scores": _counted(health, "scores_stored"),
        "disk": _sized(health, "disk_bytes"),
        "free": _sized(health, "disk_free_bytes"),
        "queue": _counted(health, "queue_requests"),
        "requests": _counted(health, "requests_stored"),
        "refused": _counted(health, "requests_refused"),
        "rejected": _counted(health, "items_rejected"),
    }
    return [(texts[key], value) for key, value in said.items() if value]


def _counted(health: Row, key: str) -> str | None:
    return None if health.get(key) is None else numbers.count(health[key])


def _sized(health: Row, key: str) -> str | None:
    return None if health.get(key) is None else size(health[key])


def ledger_columns(names: Mapping[str, str]) -> list[Column]:
    """Return the columns of the ledger."""
    return [
        Column("verdict", names["verdict"], "max-content"),
        Column("project", names["project"], "max-content"),
        Column("service", names["service"], "minmax(100px, 1fr)"),
        Column("instance", names["instance"], "max-content"),
        Column("last", names["last"], "max-content"),
        *(
            Column(key, names[key], "max-content", end=True)
            for key in ("sent", "stored", "lacking", "batches", "repeated")
        ),
    ]


def ledger_rows(rows: Iterable[Row], words: Mapping[str, str]) -> list[Row]:
    """Return processes as rows of a table: what each sent, and what is stored."""
    return [
        cells.row(
            row["instance_id"] or f"{number}",
            verdict=cells.badge(
                words[row["verdict"]], _VERDICTS[row["verdict"]], dot=True
            ),
            project=cells.words(row["project"], soft=True),
            service=cells.words(row["service"]),
            instance=cells.words(
                cells.middle_cut(row["instance_id"], most=14),
                title=row["instance_id"],
                mono=True,
                soft=True,
            ),
            last=cells.moment(row["last"]),
            sent=numbers.count(row["n_sent"]),
            stored=numbers.count(row["n_stored"]),
            lacking=_bad(row["n_lacking"]),
            batches=_bad(row["n_missing_batches"]),
            repeated=_bad(row["n_repeated"]),
        )
        for number, row in enumerate(rows)
    ]


def _bad(n: int) -> Cell:
    return cells.words(numbers.count(n), tone="bad") if n else "0"


def worker_columns(names: Mapping[str, str]) -> list[Column]:
    """Return the columns of the list of workers."""
    return [
        Column("worker", names["worker"], "minmax(140px, 1fr)"),
        Column("project", names["project"], "max-content"),
        Column("url", names["url"], "minmax(160px, 1.5fr)"),
        Column("key", names["key"], "max-content"),
        Column("version", names["version"], "max-content"),
        Column("seen", names["seen"], "max-content"),
    ]


def worker_rows(workers: Iterable[Row], words: Mapping[str, str]) -> list[Row]:
    """Return workers as rows of a table: where each asks models."""
    return [
        cells.row(
            worker["worker"],
            worker=cells.words(worker["worker"], mono=True),
            project=cells.words(worker["project"] or words["all"], soft=True),
            url=cells.words(
                plain_url(str(worker["about"].get("base_url") or "")), mono=True
            ),
            key=cells.badge(
                words["key" if worker["about"].get("has_key") else "no_key"],
                "good" if worker["about"].get("has_key") else "warn",
            ),
            version=cells.words(worker["about"].get("version"), soft=True),
            seen=cells.time(worker["seen_ns"]),
        )
        for worker in workers
    ]


def plain_url(url: str) -> str:
    """Return an address without a user and password that it may carry."""
    scheme, found, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{found}{host.rpartition('@')[2]}{slash}{path}"
