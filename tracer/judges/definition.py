"""A judge as plain data: what a document of the collector holds, and a worker reads.

It names the model, its limits and what is judged; never an address or a key: those are
the worker's own, so that whoever may edit a judge cannot have a key sent elsewhere.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tracer.errors import ConfigurationError
from tracer.judges._money import Price
from tracer.judges._rubric import Rubric
from tracer.judges.checks import Checklist, LabelJudge
from tracer.judges.claims import (
    AnswerRelevancy,
    ContextPrecision,
    ContextRecall,
    Faithfulness,
)
from tracer.judges.graded import RagJudge, RubricJudge, RubricSetJudge
from tracer.judges.judge import Judge
from tracer.judges.model import JudgeModel
from tracer.judges.pairwise import PairwiseJudge

Definition = Mapping[str, Any]

MODEL_KEYS: Final = frozenset(
    {
        *("model", "temperature", "seed", "max_output_tokens", "concurrency"),
        *("requests_per_minute", "tokens_per_minute", "retries", "timeout_s"),
        *("price", "spending_limit_usd"),
    }
)
"""What the table ``model`` may have: fields of `JudgeModel`."""

_ALWAYS: Final = frozenset({"kind", "model", "repeats", "column_map"})


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of judge."""

    make: Callable[..., Judge[Any]]
    """Its class."""

    needs: frozenset[str] = frozenset()
    """Keys that its definition must have."""

    takes: frozenset[str] = frozenset()
    """Keys that it may have, beside those of all kinds."""


_CLAIMS: Final = frozenset({"name", "language"})
_FREE: Final = frozenset({"name", "needs", "version", "language"})

KINDS: Final[Mapping[str, Kind]] = {
    "rubric": Kind(RubricJudge, frozenset({"rubric"}), frozenset({"name", "language"})),
    "rubrics": Kind(
        RubricSetJudge, frozenset({"rubrics", "name"}), frozenset({"total", "language"})
    ),
    "rag": Kind(RagJudge, takes=frozenset({"name", "language"})),
    "faithfulness": Kind(Faithfulness, takes=_CLAIMS),
    "answer_relevancy": Kind(AnswerRelevancy, takes=_CLAIMS),
    "context_precision": Kind(ContextPrecision, takes=_CLAIMS),
    "context_recall": Kind(ContextRecall, takes=_CLAIMS),
    "checklist": Kind(Checklist, frozenset({"questions"}), _FREE),
    "labels": Kind(LabelJudge, frozenset({"labels", "name"}), _FREE),
    "pairwise": Kind(
        PairwiseJudge,
        frozenset({"rubric"}),
        frozenset({"name", "baseline", "language"}),
    ),
}
"""Kind → what its definition holds."""


def check_definition(definition: Definition) -> None:
    """Look at a definition without making the judge.

    Raises:
        ConfigurationError: The kind, a key, the model or a rubric is wrong or missing.
    """
    kind = _kind(definition)
    given = set(definition)
    missing = ({"model"} | kind.needs) - given
    unknown = given - _ALWAYS - kind.needs - kind.takes
    if missing or unknown:
        raise ConfigurationError(
            f"a judge of kind {definition['kind']!r} lacks {sorted(missing)} and does "
            f"not know {sorted(unknown)}; it has "
            f"{sorted(_ALWAYS | kind.needs | kind.takes)}"
        )
    model_settings(definition)
    _arguments(definition)


def judge_of(definition: Definition, model: JudgeModel) -> Judge[Any]:
    """Make the judge that a definition describes.

    Args:
        definition: As docs/judges.md has it.
        model: The judge model, made of `model_settings` and an endpoint.

    Raises:
        ConfigurationError: No judge can be made of it.
    """
    check_definition(definition)
    return _kind(definition).make(model, **_arguments(definition))


def model_settings(definition: Definition) -> dict[str, Any]:
    """Return the arguments of `JudgeModel` that a definition names.

    Raises:
        ConfigurationError: It names no model, or what is not its business: an address,
            a key, a file.
    """
    told = definition.get("model")
    settings = {"model": told} if isinstance(told, str) else told
    if not isinstance(settings, Mapping) or not isinstance(settings.get("model"), str):
        raise ConfigurationError(
            f"model {told!r} of the judge is no name; give a text, or a table with "
            "'model' and its limits"
        )
    if unknown := sorted(set(settings) - MODEL_KEYS):
        raise ConfigurationError(
            f"the judge's model may not have {unknown}; it may have "
            f"{sorted(MODEL_KEYS)}. Address and key are the worker's own"
        )
    made = dict(settings)
    if isinstance(made.get("price"), Mapping):
        try:
            made["price"] = Price(**made["price"])
        except TypeError:
            raise ConfigurationError(
                f"price {made['price']!r} of the judge's model cannot be read; give "
                "input_usd_per_mtok and output_usd_per_mtok"
            ) from None
    return made


def _kind(definition: Definition) -> Kind:
    kind = KINDS.get(definition.get("kind", ""))
    if kind is None:
        raise ConfigurationError(
            f"there are no judges of kind {definition.get('kind')!r}; there are "
            f"{', '.join(KINDS)}"
        )
    return kind


def _arguments(definition: Definition) -> dict[str, Any]:
    """Return what the judge's class is called with, beside its model."""
    given = {
        key: value for key, value in definition.items() if key not in ("kind", "model")
    }
    language = given.get("language", "en")
    if "rubric" in given:
        given["rubric"] = _rubric(given["rubric"], language)
        given.pop("language", None)
    if "rubrics" in given:
        given["rubrics"] = [_rubric(each, language) for each in given["rubrics"]]
        given.pop("language", None)
    return given


def _rubric(told: Any, language: str) -> Rubric:
    """Return the rubric that a name or a table stands for."""
    if isinstance(told, str):
        return Rubric.ready(told, language)
    if isinstance(told, Mapping):
        return Rubric.from_dict({"language": language, **told})
    raise ConfigurationError(
        f"rubric {told!r} is neither the name of a ready one nor a table of fields"
    )
