"""What of an import is not stored yet, so that nothing is sent twice.

Each run, and the first span of each trace, carries a digest of all that was imported of
it. What is stored with the same digest is left alone: sums would count a span that was
sent again twice until the collector has removed its older copy.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from tracer.evaluation._identity import content_hash
from tracer.importers._found import Found, ImportedSpan

if TYPE_CHECKING:
    from tracer._client.rows import Rows
    from tracer.client import Client

DIGEST: Final = "import.digest"
SYSTEM: Final = "import.system"
"""Keys of the metadata of what was imported."""


@dataclass(frozen=True)
class News:
    """What has to be sent."""

    found: Found
    """What is not stored just so; marked with system and digest."""

    same_runs: tuple[str, ...]
    """Ids of the runs that are."""

    n_same_traces: int
    """How many traces are."""


def news(found: Found, client: "Client", project: str) -> News:
    """Return what of an import is new to a project, or says something new."""
    runs = [
        replace(run, metadata={**run.metadata, **_marks(found, run)})
        for run in found.runs
    ]
    stored = _stored_runs(found, client, project)
    same = {run.id for run in runs if stored.get(run.id) == run.metadata[DIGEST]}
    traces = _by_trace(found.spans)
    known = _stored_traces(found, client, project)
    spans: list[ImportedSpan] = []
    n_same = 0
    for trace_id, (first, *others) in traces.items():
        marks = _marks(found, [first, *others])
        if known.get(trace_id) == marks[DIGEST]:
            n_same += 1
            continue
        first = replace(first, metadata={**first.metadata, **marks})
        spans += [first, *others]
    fresh = [run for run in runs if run.id not in same]
    return News(replace(found, runs=fresh, spans=spans), tuple(sorted(same)), n_same)


def _marks(found: Found, thing: object) -> dict[str, str]:
    return {SYSTEM: found.system, DIGEST: content_hash(thing)}


def _by_trace(spans: Iterable[ImportedSpan]) -> dict[str, list[ImportedSpan]]:
    """Return the spans of each trace, roots first, else by time."""
    traces: dict[str, list[ImportedSpan]] = defaultdict(list)
    for span in spans:
        traces[span.trace_id].append(span)
    for gathered in traces.values():
        gathered.sort(key=lambda s: (s.parent_span_id is not None, s.start_ns))
    return traces


def _stored_runs(found: Found, client: "Client", project: str) -> dict[str, str]:
    if not found.runs:
        return {}
    rows = client.evaluations(
        project=project,
        since=min(run.start_ns for run in found.runs),
        where=[(f"metadata.{SYSTEM}", "=", found.system)],
        limit=None,
    )
    return {row["id"]: _digest(row) for row in rows}


def _stored_traces(found: Found, client: "Client", project: str) -> dict[str, str]:
    if not found.spans:
        return {}
    rows: Rows = client.spans(
        project=project,
        since=min(span.start_ns for span in found.spans),
        where=[(f"metadata.{SYSTEM}", "=", found.system)],
        origin="all",
        limit=None,
    )
    return {row["trace_id"]: _digest(row) for row in rows}


def _digest(row: dict[str, object]) -> str:
    metadata = row["metadata"]
    return str(metadata.get(DIGEST)) if isinstance(metadata, dict) else ""
