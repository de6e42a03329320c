"""Which names a filter may use for each kind of row, and the SQL behind each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

FieldType = Literal["text", "number", "bool", "time", "trace_id", "span_id", "list"]


SPAN_PREFIXES = ("span", *(f"span{number}" for number in range(2, 10)))
"""Conditions behind the same one speak of one span; two may mean the same span."""


@dataclass(frozen=True)
class Field:
    """One filterable value of a row."""

    sql: str
    """Expression over the columns of the queried table; never made from input."""

    type: FieldType = "text"
    """How values are read and compared."""


@dataclass(frozen=True)
class Filterable:
    """Everything that a filter may say about one kind of row."""

    fields: Mapping[str, Field]
    """Named values."""

    maps: Mapping[str, str] = field(default_factory=dict)
    """Prefix (``metadata``) to the map column whose keys follow it."""

    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Names that search several columns at once (``text``)."""

    totals: Mapping[str, Field] = field(default_factory=dict)
    """Values over all spans of a trace: aggregates, asked in a sub-select."""

    scores: Literal["trace", "span"] | None = None
    """Whether ``score.NAME`` is a score of the row's trace or span."""

    of_spans: "Filterable | None" = None
    """What may be asked of single spans behind a prefix of `SPAN_PREFIXES`, of the
    entry span behind ``entry.``."""

    anywhere: frozenset[str] = frozenset()
    """Names and prefixes of maps that some span of the trace answers, whichever."""

    def is_of_traces(self, name: str) -> bool:
        """Return whether a condition on it is one on a trace, whatever its span."""
        prefix, _, key = name.partition(".")
        if key:
            of_spans = bool(self.of_spans) and prefix in SPAN_PREFIXES
            return (
                of_spans
                or prefix in self.anywhere
                or (prefix == "score" and self.scores == "trace")
            )
        return name in self.anywhere or name in self.totals

    def names(self) -> list[str]:
        """Return every name and prefix, for hints."""
        prefixes = [f"{prefix}.KEY" for prefix in self.maps]
        extra = ["score.NAME"] if self.scores else []
        extra += ["span.FIELD", "entry.FIELD"] if self.of_spans else []
        anywhere = sorted(self.anywhere)
        own = dict.fromkeys([*self.fields, *anywhere, *self.texts, *self.totals])
        return [*own, *prefixes, *extra]


def _texts(table: str, *names: str) -> dict[str, Field]:
    return {name: Field(f"{table}.{name}") for name in names}


_SPAN_COLUMNS = {
    **_texts(
        "spans",
        *("project", "name", "kind", "span_kind", "status", "status_message"),
        *("error_type", "operation", "provider", "model", "user_id", "session_id"),
        *("environment", "release", "service", "prompt_name", "prompt_version"),
        *("evaluation_id", "example_id", "input_preview", "output_preview"),
        *("input", "output", "expected"),
    ),
    "scope": Field("spans.scope_name"),
    "trace_id": Field("spans.trace_id", "trace_id"),
    "span_id": Field("spans.span_id", "span_id"),
    "parent_span_id": Field("spans.parent_span_id", "span_id"),
    "start": Field("spans.ts", "time"),
    "start_ns": Field("spans.ts", "time"),
    "received_at": Field("spans.received_at", "time"),
    "duration_ms": Field("spans.duration_ns / 1e6", "number"),
    "time_to_first_token_ms": Field("spans.time_to_first_token_ns / 1e6", "number"),
    "trial": Field("spans.trial", "number"),
    "tags": Field("spans.tags", "list"),
}

_USAGE = {
    "input_tokens": Field("spans.input_tokens", "number"),
    "output_tokens": Field("spans.output_tokens", "number"),
    "total_tokens": Field("spans.input_tokens + spans.output_tokens", "number"),
    "cost_usd": Field("spans.cost_usd", "number"),
}

_TOTALS = {
    "n_spans": Field("uniqExact(spans.span_id)", "number"),
    "n_errors": Field("countIf(spans.status = 'error')", "number"),
    "models": Field("groupUniqArrayIf(spans.model, spans.model != '')", "list"),
    "input_tokens": Field("sumIf(spans.input_tokens, spans.usage_counts)", "number"),
    "output_tokens": Field("sumIf(spans.output_tokens, spans.usage_counts)", "number"),
    "total_tokens": Field(
        "sumIf(ifNull(spans.input_tokens, 0) + ifNull(spans.output_tokens, 0),"
        " spans.usage_counts)",
        "number",
    ),
    "cost_usd": Field("sumIf(spans.cost_usd, spans.usage_counts)", "number"),
}

_SPAN_MAPS = {
    "metadata": "spans.metadata",
    "attributes": "spans.attributes",
    "resource": "spans.resource",
}
_SPAN_TEXTS = {"text": ("spans.input", "spans.output")}

SPANS = Filterable(
    fields=_SPAN_COLUMNS | _USAGE,
    maps=_SPAN_MAPS,
    texts=_SPAN_TEXTS,
    scores="span",
)

_ANYWHERE = frozenset(
    {
        *("user_id", "session_id", "tags", "model", "provider", "text", "input"),
        *("output", "expected", "prompt_name", "prompt_version", *_SPAN_MAPS),
    }
)
"""What of a trace its entry span often lacks: an HTTP request of a framework, say."""

TRACES = Filterable(
    fields={name: one for name, one in _SPAN_COLUMNS.items() if name not in _ANYWHERE},
    totals=_TOTALS,
    scores="trace",
    of_spans=SPANS,
    anywhere=_ANYWHERE,
)

SCORES = Filterable(
    fields={
        **_texts(
            "scores",
            *("project", "evaluation_id", "example_id", "name", "type", "label"),
            *("explanation", "source", "author", "error"),
        ),
        "trace_id": Field("scores.trace_id", "trace_id"),
        "span_id": Field("scores.span_id", "span_id"),
        "score_id": Field("scores.score_id", "trace_id"),
        "at": Field("scores.ts", "time"),
        "at_ns": Field("scores.ts", "time"),
        "trial": Field("scores.trial", "number"),
        "value": Field("scores.value", "number"),
        "repeat": Field("scores.repeat", "number"),
        "deleted": Field("scores.deleted", "bool"),
    },
    maps={"metadata": "scores.metadata"},
)

EVALUATIONS = Filterable(
    fields={
        **_texts(
            "runs",
            *("project", "id", "name", "display_name", "model", "dataset"),
            *("dataset_version", "status", "error"),
        ),
        "start": Field("runs.started", "time"),
        "start_ns": Field("runs.started", "time"),
        "n_planned": Field("runs.n_planned", "number"),
        "scorers": Field("runs.scorers", "list"),
    },
    maps={"metadata": "runs.metadata"},
)

PREDICTIONS = Filterable(
    fields={
        name: _SPAN_COLUMNS[name]
        for name in (
            *("example_id", "trial", "status", "status_message", "error_type"),
            *("trace_id", "span_id", "start", "start_ns"),
            *("input", "output", "expected"),
        )
    }
    # of an output that was made elsewhere nobody knows it
    | {"duration_ms": Field("nullIf(spans.duration_ns, 0) / 1e6", "number")},
    maps={"metadata": "spans.metadata"},
)
