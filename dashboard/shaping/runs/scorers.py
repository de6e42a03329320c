"""Who scored a run: scorers with their versions, judges, people."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dashboard.shaping import cells, numbers
from dashboard.shaping.cells import Column

Row = Mapping[str, Any]


def columns(texts: Mapping[str, str]) -> list[Column]:
    """Return the columns of the table of scorers."""
    return [
        Column("score", texts["score"], "minmax(90px, 1fr)"),
        Column("author", texts["author"], "minmax(90px, 1fr)"),
        Column("version", texts["version"], "max-content"),
        Column("source", texts["source"], "max-content"),
        *(
            Column(key, texts[key], "max-content", end=True)
            for key in ("n", "missing", "errors", "late")
        ),
        Column("last", texts["last"], "max-content"),
    ]


def rows(
    given: Iterable[Row],
    declared: Sequence[str],
    texts: Mapping[str, str],
    *,
    sources: Mapping[str, str],
) -> list[dict[str, Any]]:
    """Return who gave which score how often; declared ones that nobody gave, too.

    Args:
        given: Who gave scores.
        declared: Scores that the run says it has.
        texts: The sentences.
        sources: What each source of scores is called.
    """
    found = [_row(row, sources) for row in given]
    seen = {row["cells"]["score"]["text"].split(".")[0] for row in found}
    seen |= {row["cells"]["score"]["text"] for row in found}
    return found + [
        cells.row(
            f"declared|{name}",
            score=cells.words(name),
            author=cells.words(texts["never_given"], soft=True),
            n="0",
        )
        for name in declared
        if name not in seen
    ]


def _row(row: Row, sources: Mapping[str, str]) -> dict[str, Any]:
    name, at, version = str(row["author"] or "").rpartition("@")
    return cells.row(
        f"{row['name']}|{row['source']}|{row['author']}",
        score=cells.words(row["name"]),
        author=cells.words(name if at else version),
        version=cells.words(version if at else None),
        source=cells.words(sources.get(row["source"], row["source"]), soft=True),
        n=numbers.count(row["n"]),
        missing=cells.failures(row["n_missing"]),
        errors=cells.failures(row["n_errors"]),
        late=numbers.count(row["n_late"]),
        last=cells.moment(row["last"]),
    )
