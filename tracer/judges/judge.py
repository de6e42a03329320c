"""What all judges share: a name, a version, a model, repeats, sync and async."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from typing import Any, ClassVar, Generic, TypeVar

from tracer._capture.failures import error_type
from tracer.errors import ConfigurationError
from tracer.evaluation._caught import Caught, described
from tracer.evaluation._scored import Scored
from tracer.evaluation.scorers import Scorer
from tracer.judges._asking import Asker, Question, Steps
from tracer.judges._columns import parts_of
from tracer.judges._rubric import LANGUAGES
from tracer.judges.model import JudgeModel

VerdictT = TypeVar("VerdictT", Scored, dict[str, Scored])


class Judge(Scorer, ABC, Generic[VerdictT]):
    """A scorer that asks a model; use it in `Evaluation`, or call it by itself.

    Its scores have the source ``model`` and an author ``name@version:model``, and
    carry the judge's explanation. A judgement that cannot be read is an error.

    Args:
        model: The judge model.
        name: Name of the score.
        version: Version of what the judge is told; part of the author.
        language: Language of the prompts: ``en`` or ``ko``.
        repeats: How often each output is judged, to measure the judge's own noise.
        column_map: Part (``question context reference output``) to the column, or the
            dotted path, where it stands; common names are found without.

    Raises:
        ConfigurationError: There is no such language, or no repeat.
    """

    source: ClassVar[str] = "model"

    def __init__(
        self,
        model: JudgeModel,
        *,
        name: str,
        version: str = "1",
        language: str = "en",
        repeats: int = 1,
        column_map: Mapping[str, str] | None = None,
    ) -> None:
        if language not in LANGUAGES or repeats < 1:
            raise ConfigurationError(
                f"judge {name!r}: language={language!r}, repeats={repeats}; give one "
                f"of {', '.join(LANGUAGES)}, and at least 1"
            )
        self.model = model
        self.name = name
        self.language = language
        self.repeats = repeats
        self.author = f"{name}@{version}:{model.model}"
        self._parts_map = dict(column_map or {})

    @property
    @abstractmethod
    def needs(self) -> Sequence[str]:
        """What of a row it must be shown, in this order."""

    @property
    def score_names(self) -> Sequence[str]:
        """Names of its scores behind its own; empty if it gives one alone."""
        return ()

    @property
    def n_requests(self) -> int:
        """Requests that one judgement makes, repairs not counted."""
        return 1

    @abstractmethod
    def steps(self, parts: Mapping[str, str], asker: Asker) -> Steps[VerdictT]:
        """Yield the questions of one judgement and return what they found."""

    def parts(self, output: Any, columns: Mapping[str, Any]) -> dict[str, str]:
        """Return what the judge is shown of a row, by part.

        Raises:
            ConfigurationError: Something that it needs is not there.
        """
        given = {**columns, "output": output}
        return parts_of(self.name, self.needs, given, self._parts_map)

    def lacking(self, rows: Sequence[Mapping[str, Any]]) -> list[str]:
        """Return the parts that it needs and that none of the rows has.

        Args:
            rows: Columns by name, with the model's ``output``.
        """
        return [one for one in self.needs if not any(self._sees(one, r) for r in rows)]

    def _sees(self, part: str, row: Mapping[str, Any]) -> bool:
        if part == "output" and row.get("output") is None:
            return False
        with suppress(ConfigurationError):
            parts_of(self.name, [part], row, self._parts_map)
            return True
        return False

    def first_question(
        self, output: Any, columns: Mapping[str, Any]
    ) -> Question | None:
        """Return what would be asked first; None if nothing need be asked.

        Raises:
            ConfigurationError: Something that it needs is not there.
        """
        steps = self._judgement(self.parts(output, columns), 0)
        with closing(steps):
            return next(steps, None)

    def judge(self, output: Any = None, *, repeat: int = 0, **columns: Any) -> VerdictT:
        """Judge one output, and wait for it.

        Args:
            output: What is judged.
            repeat: Which judgement of it this is: another is asked for anew.
            columns: The rest of the row: ``question=``, ``context=`` …

        Raises:
            JudgeError: There is no judgement that could be read, or paid.
            ConfigurationError: Something that the judge needs is not there.
        """
        parts = self.parts(output, columns)
        return self.model.run(self._judgement(parts, repeat))

    async def ajudge(
        self, output: Any = None, *, repeat: int = 0, **columns: Any
    ) -> VerdictT:
        """Do what `judge` does, within a running loop."""
        parts = self.parts(output, columns)
        return await self.model.arun(self._judgement(parts, repeat))

    async def score(self, *, output: Any, **columns: Any) -> Any:
        """Judge an output as often as `repeats` says, as `Evaluation` asks.

        Returns:
            The verdict; with repeats, in place of each score a tuple of them. What
            failed is an error among them, or of each score if there are several. Of a
            row without an output that it would have to see, a missing score.

        Raises:
            Exception: A judge of one score has no judgement; the first error.
        """
        if (
            output is None
            and "output" in self.needs
            and "output" not in self._parts_map
        ):
            missing = Scored(explanation="there is no output to judge")
            return dict.fromkeys(self.score_names, missing) or missing
        found = await asyncio.gather(
            *(self._caught(output, columns, repeat) for repeat in range(self.repeats))
        )
        errors = [one for one in found if isinstance(one, Exception)]
        if len(errors) == self.repeats and not self.score_names:
            raise errors[0]
        if self.repeats == 1 and not errors:
            return found[0]
        if self.score_names:
            return {name: _of_repeats(found, name) for name in self.score_names}
        return _of_repeats(found, None)

    async def _caught(
        self, output: Any, columns: Mapping[str, Any], repeat: int
    ) -> VerdictT | Exception:
        with Caught() as caught:
            parts = self.parts(output, columns)
            return await self.model.arun(self._judgement(parts, repeat))
        assert caught.error is not None
        return caught.error

    def _judgement(self, parts: Mapping[str, str], repeat: int) -> Steps[VerdictT]:
        asker = Asker(self.language, repeat)
        verdict = yield from self.steps(parts, asker)
        told: VerdictT = _marked(verdict, repeat, asker)
        return told


def _marked(verdict: Any, repeat: int, asker: Asker) -> Any:
    """Return a verdict that says which repeat it is, and if it had to be repaired."""
    if isinstance(verdict, dict):
        return {name: _marked(one, repeat, asker) for name, one in verdict.items()}
    facts = dict(verdict.metadata or {})
    if asker.repaired:
        facts["repaired"] = True
    return replace(verdict, repeat=repeat, metadata=facts or None)


def _of_repeats(found: Sequence[Any], name: str | None) -> tuple[Scored, ...]:
    """Return the repeats of one score; a repeat that failed is an error."""
    scores = []
    for repeat, one in enumerate(found):
        if isinstance(one, Exception):
            said = described(one)
            one = Scored(error=error_type(one), explanation=said, repeat=repeat)
        else:
            one = one if name is None else one[name]
        scores.append(one)
    return tuple(scores)
