"""Judges that answer yes or no to a list of questions, or choose a label."""

from collections.abc import Mapping, Sequence
from typing import TypedDict, Unpack

from tracer.errors import ConfigurationError
from tracer.evaluation._scored import Scored
from tracer.judges._asking import Asker, Steps
from tracer.judges._prompts import words
from tracer.judges._schemas import choice, flag, record, text
from tracer.judges.judge import Judge, VerdictT
from tracer.judges.model import JudgeModel

SHARE = "share"
"""Score of a checklist: the share of its questions that were answered with yes."""


class Shown(TypedDict, total=False):
    """What the judges of this page take besides what they ask."""

    needs: Sequence[str]
    """What of a row the judge is shown; the output alone unless given."""

    version: str
    """Version of what is asked."""

    language: str
    """``en`` or ``ko``."""

    repeats: int
    """How often each output is judged."""

    column_map: Mapping[str, str] | None
    """Part to column, where the names differ."""


class ShownJudge(Judge[VerdictT]):
    """A judge that is told what of a row it is shown."""

    def __init__(
        self,
        model: JudgeModel,
        *,
        name: str,
        needs: Sequence[str] = ("output",),
        version: str = "1",
        language: str = "en",
        repeats: int = 1,
        column_map: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(
            model,
            name=name,
            version=version,
            language=language,
            repeats=repeats,
            column_map=column_map,
        )
        self._needs = tuple(needs)

    @property
    def needs(self) -> Sequence[str]:
        """What was given as such."""
        return self._needs


class Checklist(ShownJudge[dict[str, Scored]]):
    """Answers yes/no questions about an output, all in one request.

    Each question is a score of its own, ``name.key``, yes or no with its explanation;
    ``name.share`` is the share of yes, 0 to 1. Ask so that yes is good.

    Args:
        model: The judge model.
        questions: Key to question: ``{"greets": "Does it greet the customer?"}``.
        name: Name before the scores' own.
        settings: ``needs version language repeats column_map``, see `Shown`.

    Raises:
        ConfigurationError: There is no question, or one is called ``share``.
    """

    def __init__(
        self,
        model: JudgeModel,
        questions: Mapping[str, str],
        *,
        name: str = "checklist",
        **settings: Unpack[Shown],
    ) -> None:
        if not questions or SHARE in questions:
            raise ConfigurationError(
                f"checklist {name!r} has the questions {sorted(questions)}; give at "
                f"least one, and call none {SHARE!r}"
            )
        super().__init__(model, name=name, **settings)
        self.questions = dict(questions)

    @property
    def score_names(self) -> Sequence[str]:
        """The questions' keys, and ``share``."""
        return [*self.questions, SHARE]

    def steps(self, parts: Mapping[str, str], asker: Asker) -> Steps[dict[str, Scored]]:
        """Ask all questions at once."""
        said = words(self.language)
        answer = record(
            {"explanation": text(said["explanation"]), "yes": flag(said["verdict_yes"])}
        )
        asked = [f"- {key}: {question}" for key, question in self.questions.items()]
        task = "\n".join([said["checklist"], *asked])
        schema = record(dict.fromkeys(self.questions, answer))
        found = yield from asker.ask("checklist", task, schema, parts)
        scores = {
            key: Scored(found[key]["yes"], explanation=found[key]["explanation"])
            for key in self.questions
        }
        n_yes = sum(found[key]["yes"] for key in self.questions)
        n = len(self.questions)
        share = Scored(n_yes / n, explanation=f"{n_yes} of {n}", scale=(0, 1))
        return scores | {SHARE: share}


class LabelJudge(ShownJudge[Scored]):
    """Chooses one of some labels.

    Args:
        model: The judge model.
        labels: Label to what it means.
        name: Name of the score.
        settings: ``needs version language repeats column_map``, see `Shown`.

    Raises:
        ConfigurationError: There are fewer than two labels.
    """

    def __init__(
        self,
        model: JudgeModel,
        labels: Mapping[str, str],
        *,
        name: str,
        **settings: Unpack[Shown],
    ) -> None:
        if len(labels) < 2:
            raise ConfigurationError(
                f"judge {name!r} has the labels {sorted(labels)}; give at least two"
            )
        super().__init__(model, name=name, **settings)
        self.labels = dict(labels)

    def steps(self, parts: Mapping[str, str], asker: Asker) -> Steps[Scored]:
        """Ask for the label."""
        said = words(self.language)
        meanings = [f"- {label}: {meaning}" for label, meaning in self.labels.items()]
        task = "\n".join([said["label"], *meanings])
        chosen = choice(list(self.labels), said["label_choice"])
        schema = record({"explanation": text(said["explanation"]), "label": chosen})
        found = yield from asker.ask("label", task, schema, parts)
        return Scored(found["label"], explanation=found["explanation"])
