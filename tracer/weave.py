"""Weave's names over tracer: a script changes `import weave` to `tracer.weave`.

Where Weave loses data, mangles names or hangs, tracer's behaviour stands.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from importlib.util import find_spec
from typing import Any, Self
from uuid import uuid4

from tracer import _setup
from tracer._capture.context import using
from tracer._capture.spans import UNSET, current_span
from tracer._delivery import DeliveryReport
from tracer._openai import instrument_openai
from tracer._weave.client import WeaveClient
from tracer._weave.content import Content
from tracer._weave.fields import WithFields
from tracer._weave.op import op
from tracer._weave.prompts import MessagesPrompt, StringPrompt
from tracer._weave.refs import ObjectRef, flat_row, publish, stored_rows
from tracer._weave.summary import summarize, weave_summary
from tracer._weave.threads import AUTO, Thread, ThreadContext, ThreadPoolExecutor
from tracer.evaluation import dataset as _dataset
from tracer.evaluation import logger as _logger
from tracer.evaluation import runner as _runner
from tracer.evaluation import scorers as _scorers
from tracer.evaluation._blocking import run_blocking
from tracer.evaluation._rows import Example
from tracer.evaluation.prediction import Prediction
from tracer.evaluation.results import EvaluationResult

__all__ = [
    "Content",
    "Dataset",
    "Evaluation",
    "EvaluationLogger",
    "ImperativeEvaluationLogger",
    "MessagesPrompt",
    "Model",
    "ObjectRef",
    "Scorer",
    "StringPrompt",
    "Thread",
    "ThreadPoolExecutor",
    "attributes",
    "evaluate",
    "finish",
    "flush",
    "get_client",
    "get_current_call",
    "init",
    "op",
    "publish",
    "ref",
    "require_current_call",
    "thread",
]

get_current_call = require_current_call = current_span
"""The span that is current here; ``metadata`` stands for a call's ``summary``."""


def init(project_name: str, **_: Any) -> WeaveClient:
    """Switch tracing on; of ``"team/project"`` the project is taken.

    No key is asked for and no server needs to be there. Calls of every OpenAI client
    are recorded, as Weave does. Weave's settings are ignored.
    """
    project = project_name.rpartition("/")[2] or project_name
    _setup.configure(project=project)
    if find_spec("openai") is not None:
        instrument_openai()
    return WeaveClient(project)


def get_client() -> WeaveClient | None:
    """Return what `init` answered; None before it."""
    project = _setup.settings().project
    return WeaveClient(project) if project else None


def flush() -> DeliveryReport:
    """Send what waits; this happens at exit by itself."""
    return _setup.flush()


finish = flush


def attributes(attributes: Mapping[str, Any]) -> AbstractContextManager[None]:
    """Say of every call within the block these facts, as metadata."""
    return using(metadata=attributes)


@contextmanager
def thread(thread_id: str | None = AUTO) -> Iterator[ThreadContext]:
    """Say of every call within the block that it belongs to one session.

    Without an id the session has a new one; None leaves it as it is.
    """
    session_id = uuid4().hex if thread_id is AUTO else thread_id
    with using(session_id=session_id):
        yield ThreadContext(session_id)


class Model(WithFields):
    """A model with settings as annotated fields; subclasses define ``predict``."""

    name: str | None = None


class Scorer(WithFields, _scorers.Scorer):
    """A scorer with settings as annotated fields; subclasses define ``score``.

    They may define ``summarize(score_rows)`` too: what `Evaluation.evaluate` shows.
    """

    name: str | None = None  # type: ignore[assignment]

    def summarize(self, score_rows: list[Any]) -> dict[str, Any] | None:
        """Return what the scores of all rows come to, in Weave's shape."""
        return summarize(score_rows)


class Dataset(_dataset.Dataset):
    """Rows of dicts; `rows` and iteration give them as they were written."""

    def __init__(
        self, rows: Iterable[Mapping[str, Any]], *, name: str | None = None, **_: Any
    ) -> None:
        self._written = [dict(row) for row in rows]
        super().__init__(self._written, name=name or "")

    @classmethod
    def of(cls, examples: Iterable[Example], *, name: str = "") -> Self:
        """Return a dataset of examples that are read already; rows are flat."""
        made = super().of(examples, name=name)
        made._written = [flat_row(example.row) for example in made.examples]
        return made

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows as they were written."""
        return self._written

    def select(self, indices: Iterable[int]) -> "Dataset":
        """Return a dataset of these rows, in this order.

        Raises:
            IndexError: There is no such row.
        """
        return Dataset([self._written[one] for one in indices], name=self.name)

    def __iter__(self) -> Any:
        return iter(self._written)

    def __getitem__(self, index: int) -> Any:
        return self._written[index]


def ref(uri: str) -> ObjectRef:
    """Return a dataset that was published, by ``"name"`` or ``"name:version"``.

    Raises:
        NotFoundError: The collector has none of this name, or of this version.
    """
    name, rows = stored_rows(uri)
    dataset = Dataset(rows, name=name)
    return ObjectRef(name, dataset.version, dataset)


class Evaluation(_runner.Evaluation):
    """Weave's Evaluation: `evaluate` returns a plain dictionary."""

    def __init__(
        self,
        dataset: Any = (),
        scorers: Sequence[Any] | None = None,
        preprocess_model_input: Callable[[dict[str, Any]], Any] | None = None,
        trials: int = 1,
        metadata: Mapping[str, Any] | None = None,
        evaluation_name: Any = None,
        name: str | None = None,
        **_: Any,
    ) -> None:
        dataset = dataset.get() if isinstance(dataset, ObjectRef) else dataset
        self._given = list(scorers or ())
        super().__init__(
            dataset,
            self._given,
            trials=trials,
            name=name,
            evaluation_name=evaluation_name
            if isinstance(evaluation_name, str)
            else None,
            preprocess_model_input=preprocess_model_input,
            metadata=metadata,
            concurrency=20,
        )

    async def evaluate(self, model: Any = None) -> dict[str, Any]:  # type: ignore[override]
        """Evaluate a model; return Weave's summary by scorer, output and latency."""
        return await self.summarize(await super().evaluate(model))

    async def get_eval_results(self, model: Any = None) -> EvaluationResult:
        """Evaluate a model; return the result with its rows."""
        return await super().evaluate(model)

    async def summarize(self, eval_table: EvaluationResult) -> dict[str, Any]:
        """Return Weave's summary of what `get_eval_results` returned."""
        return weave_summary(eval_table, self._given)

    async def predict_and_score(
        self, model: Any, example: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Try a model on one example: ``output``, ``scores``, ``model_latency`` (s).

        It is logged as a run of one prediction.
        """
        alone = _runner.Evaluation(
            [example],
            self._given,
            name=self.name,
            preprocess_model_input=self._preprocess,
            metadata=self.metadata,
        )
        (row,) = (await alone.evaluate(model)).rows
        took_ms = row.duration_ms
        return {
            "output": row.output,
            "scores": dict(row.scores),
            "model_latency": None if took_ms is None else took_ms / 1e3,
        }


def evaluate(
    dataset: Any,
    model: Any,
    scorers: Sequence[Any] | None = None,
    preprocess: Callable[[dict[str, Any]], Any] | None = None,
) -> dict[str, Any]:
    """Evaluate a model from sync code, in a notebook too; return Weave's summary."""
    evaluation = Evaluation(dataset, scorers, preprocess)
    return run_blocking(evaluation.evaluate(model))


class EvaluationLogger(_logger.EvaluationLogger):
    """Weave's EvaluationLogger; names are kept verbatim, that of each run too."""

    def __init__(
        self,
        name: str | None = None,
        *args: Any,
        trace_scores: bool = True,
        **more: Any,
    ) -> None:
        super().__init__(name, *args, **{"display_name": name, **more})

    def log_prediction(
        self,
        inputs: Any,
        output: Any = None,
        *,
        row_digest: str | None = None,
        eval_kind: str = "agent",
        example_id: str | None = None,
        **more: Any,
    ) -> Prediction:
        """Begin a prediction; an output of None is one that is still to come."""
        return super().log_prediction(
            inputs,
            UNSET if output is None else output,
            example_id=example_id or row_digest,
            **more,
        )


ImperativeEvaluationLogger = EvaluationLogger
"""Weave's former name of it."""
