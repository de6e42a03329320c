"""Judges that grade by rubrics: one criterion, or several in one request."""

from collections.abc import Mapping, Sequence

from tracer.errors import ConfigurationError
from tracer.evaluation._scored import Scored
from tracer.judges._asking import Asker, Steps
from tracer.judges._prompts import words
from tracer.judges._reading import Schema
from tracer.judges._rubric import PARTS, RAG, Rubric
from tracer.judges._schemas import level, record, text
from tracer.judges.judge import Judge
from tracer.judges.model import JudgeModel

TOTAL = "total"
"""Score of several rubrics: the sum of their levels."""


class RubricJudge(Judge[Scored]):
    """Grades by one rubric; the score is the level, the explanation comes with it.

    Args:
        model: The judge model.
        rubric: What is judged; `Rubric.ready` has some.
        name: Name of the score; the rubric's unless given, as for a second model.
        repeats: How often each output is judged.
        column_map: Part to column, where the names differ.
    """

    def __init__(
        self,
        model: JudgeModel,
        rubric: Rubric,
        *,
        name: str | None = None,
        repeats: int = 1,
        column_map: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(
            model,
            name=name or rubric.name,
            version=rubric.version,
            language=rubric.language,
            repeats=repeats,
            column_map=column_map,
        )
        self.rubric = rubric

    @property
    def needs(self) -> Sequence[str]:
        """What the rubric needs."""
        return self.rubric.needs

    def steps(self, parts: Mapping[str, str], asker: Asker) -> Steps[Scored]:
        """Ask for the level."""
        task, schema = told_of(self.rubric), grade_schema(self.rubric)
        found = yield from asker.ask("grade", task, schema, parts)
        why = found["explanation"]
        return Scored(found["score"], explanation=why, scale=self.rubric.scale)


class RubricSetJudge(Judge[dict[str, Scored]]):
    """Grades by several rubrics in one request; the scores are ``name.rubric``.

    Args:
        model: The judge model.
        rubrics: What is judged, all in one language, each by another name.
        name: Name before the scores' own.
        total: Whether the sum is a score too: ``name.total``.
        repeats: How often each output is judged.
        column_map: Part to column, where the names differ.

    Raises:
        ConfigurationError: There is no rubric, two have one name, or their languages
            differ.
    """

    def __init__(
        self,
        model: JudgeModel,
        rubrics: Sequence[Rubric],
        *,
        name: str,
        total: bool = True,
        repeats: int = 1,
        column_map: Mapping[str, str] | None = None,
    ) -> None:
        names = [rubric.name for rubric in rubrics]
        languages = sorted({rubric.language for rubric in rubrics})
        if len(set(names)) != len(names) or len(languages) != 1 or TOTAL in names:
            raise ConfigurationError(
                f"judge {name!r} has rubrics {names} in {languages}; give at least "
                "one, each by another name than the others and 'total', in one language"
            )
        super().__init__(
            model,
            name=name,
            version="+".join(sorted({rubric.version for rubric in rubrics})),
            language=languages[0],
            repeats=repeats,
            column_map=column_map,
        )
        self.rubrics = tuple(rubrics)
        self.total = total

    @property
    def score_names(self) -> Sequence[str]:
        """The rubrics' names, and ``total``."""
        names = [rubric.name for rubric in self.rubrics]
        return [*names, TOTAL] if self.total else names

    @property
    def needs(self) -> Sequence[str]:
        """What the rubrics need together."""
        wanted = {part for rubric in self.rubrics for part in rubric.needs}
        return [part for part in PARTS if part in wanted]

    def steps(self, parts: Mapping[str, str], asker: Asker) -> Steps[dict[str, Scored]]:
        """Ask for all levels at once."""
        task = "\n\n".join(told_of(rubric) for rubric in self.rubrics)
        schema = record({one.name: grade_schema(one) for one in self.rubrics})
        found = yield from asker.ask("grades", task, schema, parts)
        scores = {
            one.name: Scored(
                found[one.name]["score"],
                explanation=found[one.name]["explanation"],
                scale=one.scale,
            )
            for one in self.rubrics
        }
        if not self.total:
            return scores
        levels = [found[one.name]["score"] for one in self.rubrics]
        said = " + ".join(
            f"{one.name} {scores[one.name].value}" for one in self.rubrics
        )
        scales = [one.scale for one in self.rubrics]
        low, high = sum(one[0] for one in scales), sum(one[1] for one in scales)
        total = Scored(sum(levels), explanation=said, scale=(low, high))
        return scores | {TOTAL: total}


class RagJudge(RubricSetJudge):
    """Grades retrieval-augmented answers: four criteria of 1 to 5, ``total`` of 20.

    ``answer_correctness context_relevance faithfulness context_recall``, each with its
    explanation, in one request. The row has question, context, reference and output;
    a model may answer ``{"answer": …, "context": […]}``.

    Args:
        model: The judge model.
        language: ``en`` or ``ko``.
        name: Name before the scores' own.
        repeats: How often each output is judged.
        column_map: Part to column, where the names differ.
    """

    def __init__(
        self,
        model: JudgeModel,
        *,
        language: str = "en",
        name: str = "rag",
        repeats: int = 1,
        column_map: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(
            model,
            [Rubric.ready(each, language) for each in RAG],
            name=name,
            repeats=repeats,
            column_map=column_map,
        )


def told_of(rubric: Rubric) -> str:
    """Return a rubric as a judge model is told it."""
    said = words(rubric.language)
    lines = [
        said["criterion"].format(name=rubric.name, criteria=rubric.criteria),
        said["levels"],
        *(f"- {level}: {meaning}" for level, meaning in rubric.levels.items()),
    ]
    if rubric.examples:
        lines.append(said["examples"])
    for one in rubric.examples:
        how = said["example_why" if one.why else "example"]
        lines.append(how.format(level=one.level, output=one.output, why=one.why))
    return "\n".join(lines)


def grade_schema(rubric: Rubric) -> Schema:
    """Return the form of one grade: why, then the level."""
    said = words(rubric.language)
    levels = list(rubric.levels)
    described = said["whole_level"].format(levels=", ".join(map(str, levels)))
    return record(
        {"explanation": text(said["explanation"]), "score": level(levels, described)}
    )
