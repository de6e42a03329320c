"""What a job will ask models and cost, from the prompts that it will send."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tracer._client.datasets import DatasetPage
from tracer._client.records import Trace
from tracer._client.rows import Rows
from tracer.errors import ConfigurationError
from tracer.evaluation._rows import Example, read_row
from tracer.judges import Judge, JudgeModel, Price, judge_of
from tracer.judges._estimate import OUTPUT_TOKENS, of_row
from tracer.judges._tokens import estimated_tokens
from tracer.judges.definition import model_settings
from tracer.judges.model import MAX_OUTPUT_TOKENS
from tracer.online.scoring import columns_of
from tracer.worker import templates
from tracer.worker.judging import price_of
from tracer.worker.score_traces import wanted_traces

if TYPE_CHECKING:
    from tracer.client import Client

MOST_ANSWER: Final = 1024
"""Tokens that an answer of the job `run_model` may have, unless it says otherwise."""

MOST_SAMPLED: Final = 200
"""Rows of a dataset whose prompts are made; the others are taken to be like them."""

PLACES: Final = 4
"""From how many places of a dataset the sample is taken: rows are often sorted."""

MOST_TRACES_READ: Final = 50
"""The same of traces, whose entry spans are read for it."""

Columns = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class JobEstimate:
    """About what a job will ask and cost; caches and repairs not counted."""

    n_rows: int
    """Rows, or traces, that it is about."""

    n_predictions: int
    """What it makes or scores: rows by trials."""

    n_requests: int
    """Requests to models, judges and the evaluated one."""

    input_tokens: int
    """Tokens of all prompts, counted by letters: about, for Korean rather too many."""

    output_tokens: int
    """Tokens of all replies."""

    cost_usd: float | None
    """What they cost; None where a price is not known."""

    most_request_usd: float = 0.0
    """The most that one request can cost: a limit below it lets none be made."""

    unpriced: tuple[str, ...] = ()
    """Models without a known price: no spending limit can be kept with them."""

    n_sampled: int = 0
    """Rows that it was made from."""


class OnPaper(JudgeModel):
    """A judge model that is never asked: name and price alone."""

    def __post_init__(self) -> None:
        """Make no client."""


def on_paper(definition: Mapping[str, Any], price: Price | None = None) -> Judge[Any]:
    """Return the judge of a definition, to see what it would ask.

    Raises:
        ConfigurationError: No judge can be made of it.
    """
    settings = model_settings(definition)
    most = settings.get("max_output_tokens") or MAX_OUTPUT_TOKENS
    held = settings.get("price") or price
    model = OnPaper(settings["model"], price=held, max_output_tokens=most)
    return judge_of(definition, model)


def estimate_job(
    client: "Client", kind: str, params: Mapping[str, Any], *, project: str
) -> JobEstimate:
    """Return what a job will ask and cost; `Client.estimate_job` is its face.

    Raises:
        ConfigurationError: No judge can be made of a definition, or jobs of this kind
            cannot be estimated.
    """
    judges = [
        priced(client, client.judge(id, project=project)["definition"])
        for id in params.get("judges") or ()
    ]
    sample, n_rows = sampled(client, kind, params, project=project)
    if kind != "run_model":
        return of_grading(judges, sample, n_rows=n_rows)
    price = price_of(client, params["model"])
    return of_model(params, judges, sample, n_rows=n_rows, price=price)


def sampled(
    client: "Client", kind: str, params: Mapping[str, Any], *, project: str
) -> tuple[list[Columns], int]:
    """Return columns and ``output`` of some rows of a job, and how many it has.

    Raises:
        ConfigurationError: Jobs of this kind are not about rows.
        NotFoundError: There is no such dataset or version.
    """
    if kind == "score_traces":
        traces = list(wanted_traces(client, params, project=project))
        read = _entries(client, traces[:MOST_TRACES_READ], project=project)
        return [columns_of(one) for one in read], len(traces)
    if kind not in ("score_dataset", "run_model"):
        raise ConfigurationError(f"jobs of kind {kind!r} are not estimated")
    examples, n_rows = _examples(client, params, project=project)
    return [{**one.columns, "output": one.output} for one in examples], n_rows


def _entries(
    client: "Client", traces: Sequence[Mapping[str, Any]], *, project: str
) -> list[Trace]:
    """Return traces with their entry spans and retrievers alone, in one read."""
    if not traces:
        return []
    starts_ns = [row["start_ns"] for row in traces]
    found = client.entry_spans(
        project=project,
        since=min(starts_ns),
        until=max(starts_ns) + 1,
        where=[("trace_id", "in", [row["trace_id"] for row in traces])],
        origin="all",
        limit=len(traces),
    )
    spans = {span["trace_id"]: Rows([span, *span["retrievers"]]) for span in found}
    return [
        Trace(
            row=dict(row),
            spans=spans[row["trace_id"]],
            scores=Rows(),
            truncated=False,
            judge_usage={},
        )
        for row in traces
        if row["trace_id"] in spans  # deleted meanwhile
    ]


def _examples(
    client: "Client", params: Mapping[str, Any], *, project: str
) -> tuple[list[Example], int]:
    """Return examples from `PLACES` places of a dataset, and how many rows are meant.

    Raises:
        NotFoundError: There is no such dataset or version.
    """

    def page(offset: int, limit: int) -> DatasetPage:
        name, version = params["dataset"], params.get("version")
        return client.dataset_rows(
            name,
            version,
            project=project,
            split=params.get("split"),
            limit=limit,
            offset=offset,
        )

    first = page(0, MOST_SAMPLED // PLACES)
    n_rows = min(first.n_matching, params.get("limit") or first.n_matching)
    rows = list(first.rows)
    if n_rows <= MOST_SAMPLED:
        rows += page(len(rows), MOST_SAMPLED).rows if n_rows > len(rows) else []
    else:
        for place in range(1, PLACES):
            rows += page(place * n_rows // PLACES, MOST_SAMPLED // PLACES).rows
    wanted = rows[: min(n_rows, MOST_SAMPLED)]
    read = [
        read_row({key: row[key] for key in row if key != "place"}, number=i)
        for i, row in enumerate(wanted)
    ]
    return read, n_rows


def priced(client: "Client", definition: Mapping[str, Any]) -> Judge[Any]:
    """Return a judge on paper with its price, if there is one."""
    settings = model_settings(definition)
    held = settings.get("price") or price_of(client, settings["model"])
    return on_paper(definition, held)


def of_grading(
    judges: Iterable[Judge[Any]], sample: Sequence[Columns], *, n_rows: int
) -> JobEstimate:
    """Return what judging rows costs; metrics ask nobody.

    Args:
        judges: Who judge.
        sample: Columns and ``output`` of some of the rows; without output none asks.
        n_rows: How many rows there are.
    """
    scale = n_rows / len(sample) if sample else 0.0
    asked = [_Asked.of_judge(judge, sample, scale) for judge in judges]
    return _summed(asked, n_rows=n_rows, n_predictions=n_rows, n_sampled=len(sample))


def of_model(
    params: Mapping[str, Any],
    judges: Iterable[Judge[Any]],
    sample: Sequence[Columns],
    *,
    n_rows: int,
    price: Price | None,
) -> JobEstimate:
    """Return what a model on rows, and judging it, costs.

    An answer is taken to be as long as the row's reference, at most as long as allowed.

    Args:
        params: Of the job `run_model`.
        judges: Who judge.
        sample: Columns of some of the rows.
        n_rows: How many rows there are.
        price: What the model costs.

    Raises:
        ConfigurationError: The prompt names what is no column.
    """
    trials = params.get("trials") or 1
    scale = trials * n_rows / len(sample) if sample else 0.0
    most = params.get("max_output_tokens") or OUTPUT_TOKENS
    prompts = [
        templates.messages(params["prompt"], row["inputs"], system=params.get("system"))
        for row in sample
    ]
    n_input = sum(
        estimated_tokens({"content": str(one["content"])} for one in prompt)
        for prompt in prompts
    )
    written = min(OUTPUT_TOKENS, most) * len(sample)
    own = _Asked.scaled(
        params["model"],
        price,
        (len(sample), n_input, written),
        scale,
        most_output=params.get("max_output_tokens") or MOST_ANSWER,
    )
    answered = [{**row, "output": row.get("expected") or "…"} for row in sample]
    asked = [own, *(_Asked.of_judge(judge, answered, scale) for judge in judges)]
    made = n_rows * trials
    return _summed(asked, n_rows=n_rows, n_predictions=made, n_sampled=len(sample))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What one model is asked."""

    model: str
    n_requests: int
    input_tokens: int
    output_tokens: int
    cost_usd: float | None
    most_request_usd: float

    @classmethod
    def of_judge(
        cls, judge: Judge[Any], sample: Sequence[Columns], scale: float
    ) -> "_Asked":
        counted = [_of_row(judge, row) for row in sample]
        n_requests = sum(n for n, _ in counted)
        n_input = sum(tokens for _, tokens in counted)
        sums = n_requests, n_input, n_requests * OUTPUT_TOKENS
        model = judge.model
        return cls.scaled(
            model.model,
            model.price,
            sums,
            scale * judge.repeats,
            most_output=model.max_output_tokens,
        )

    @classmethod
    def scaled(
        cls,
        model: str,
        price: Price | None,
        sums: tuple[int, int, int],
        scale: float,
        *,
        most_output: int,
    ) -> "_Asked":
        read = sums[1] / sums[0] if sums[0] else 0.0
        most = 0.0 if price is None else price.cost_usd(2 * read, most_output)
        n_requests, n_input, n_output = (round(one * scale) for one in sums)
        cost = None if price is None else price.cost_usd(n_input, n_output)
        return cls(model, n_requests, n_input, n_output, cost, most)


def _of_row(judge: Judge[Any], columns: Columns) -> tuple[int, int]:
    """Return requests and tokens of one row; none where the judge cannot ask."""
    if columns.get("output") is None and "output" in judge.needs:
        return 0, 0
    try:
        return of_row(judge, columns, OUTPUT_TOKENS)
    except ConfigurationError:
        return 0, 0


def _summed(asked: Sequence[_Asked], **counts: int) -> JobEstimate:
    unpriced = [one.model for one in asked if one.cost_usd is None]
    costs = [one.cost_usd for one in asked if one.cost_usd is not None]
    return JobEstimate(
        n_requests=sum(one.n_requests for one in asked),
        input_tokens=sum(one.input_tokens for one in asked),
        output_tokens=sum(one.output_tokens for one in asked),
        cost_usd=None if unpriced else float(sum(costs)),
        most_request_usd=max((one.most_request_usd for one in asked), default=0.0),
        unpriced=tuple(dict.fromkeys(unpriced)),
        **counts,
    )
