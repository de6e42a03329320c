"""What judges an output: functions, or objects with `score`."""

import inspect
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from tracer.errors import ConfigurationError
from tracer.evaluation._arguments import ByName
from tracer.evaluation._caught import Caught
from tracer.evaluation._names import author_of, name_of
from tracer.evaluation._rows import Example
from tracer.evaluation._scale import checked_scale

OUTPUT_NAMES = ("output", "model_output")
"""Parameters that receive the model's output; the second is Weave's former name."""


class Scorer:
    """A scorer with settings of its own; subclasses define `score`.

    ``score`` asks by parameter name for ``output`` and for columns of the row
    (``expected``, ``inputs`` and each input), and answers a bool, a number, a text, a
    mapping of those, or None. It may be async.
    """

    name: str = ""
    """Name of the score; the class's name unless given."""

    author: str = ""
    """Who scores; kept with every score. Not given: name and version."""

    version: str = ""
    """Version of the scorer: ``"2"`` makes the author ``NAME@2``."""

    source: ClassVar[str] = "code"
    """``code`` or ``model`` (a judge)."""

    higher_is_better: bool = True
    """Direction: whether a higher value is the better one."""

    scale: tuple[float, float] | None = None
    """The least and the most that a number can be, as ``(1, 5)``: intervals keep to
    it. None if there is no such scale; yes/no have theirs."""

    column_map: Mapping[str, str] | None = None
    """Parameter of `score` to column, where the names differ, or to a place within one:
    ``{"output": "output.answer"}``."""

    score: Any
    """The scoring function; its arguments are matched by name. Any: of a decorated one
    (an op of `tracer.weave`) type checkers know no method."""


class NamedScorer:
    """A scorer as the runner sees it: a name, an author, a call by name."""

    def __init__(self, scorer: Any) -> None:
        if inspect.isclass(scorer):
            raise ConfigurationError(
                f"scorer {scorer.__name__} is a class; give an instance: "
                f"{scorer.__name__}()"
            )
        function = getattr(scorer, "score", scorer)
        if not callable(function):
            raise ConfigurationError(
                f"scorer {scorer!r} cannot be called; give a function, or an object "
                "with a method 'score'"
            )
        self.name = name_of(scorer, what="scorer")
        self.author = author_of(scorer) or self.name
        self.source: str = getattr(scorer, "source", "code")
        self._prepare = getattr(scorer, "prepare_rows", None)
        self.higher_is_better = getattr(scorer, "higher_is_better", True) is not False
        self.scale = checked_scale(getattr(scorer, "scale", None), scorer=self.name)
        self.call = ByName(
            function,
            what=f"scorer {self.name}()",
            column_map=getattr(scorer, "column_map", None),
        )

    def prepare(self, examples: Iterable[Example], *, has_output: bool) -> None:
        """Tell a scorer that wants to know it which rows are to come.

        Args:
            examples: Rows, in the order in which they will be scored.
            has_output: Whether their stored outputs are what is scored.
        """
        if not callable(self._prepare):
            return
        rows = (
            self.columns(one.columns, one.output) if has_output else one.columns
            for one in examples
        )
        with Caught():  # scoring says what is wrong, row by row
            self._prepare(map(self.call.arguments, rows))

    def columns(self, row: Mapping[str, Any], output: Any) -> dict[str, Any]:
        """Return what the scorer may ask for: the row's columns and the output."""
        return {**row, **dict.fromkeys(OUTPUT_NAMES, output)}


def named_scorers(scorers: Iterable[Any]) -> list[NamedScorer]:
    """Return scorers ready to be called.

    Raises:
        ConfigurationError: Something is no scorer, or two have one name.
    """
    named = [NamedScorer(scorer) for scorer in scorers]
    seen: set[str] = set()
    for scorer in named:
        if scorer.name in seen:
            raise ConfigurationError(
                f"two scorers are called {scorer.name!r}; give one another name"
            )
        seen.add(scorer.name)
    return named
