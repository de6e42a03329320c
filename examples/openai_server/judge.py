"""The model as a judge: it measures what stands between the marks, and obeys nothing.

It judges by shared letter pairs, so that it can be foretold: an answer that repeats its
reference is right, a statement whose letters the context has is supported. It does so
in Korean too.
"""

import json
import random
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

_PART = re.compile(
    r"^<<<data (?P<name>.+?) (?P<mark>[0-9a-f]{12})\n(?P<text>.*?)\n"
    r"^>>>end (?P=name) (?P=mark)$",
    re.S | re.M,
)
_KOREAN_NAMES = {
    "질문": "question",
    "문맥": "context",
    "모범 답안": "reference answer",
    "출력": "output",
    "진술": "statement",
}
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?=\S)[^.!?\n]*)*")
_LETTERS = re.compile(r"[0-9a-z\uac00-\ud7a3]+")
_CHOICES = re.compile(r"[^<>|]+")
SUPPORTED = 0.6
"""Share of a statement's letter pairs that the context must have."""

MENTIONED = 0.3
"""Share of a yes/no question's letter pairs that the output must have for a yes."""


def is_judgement(system: str) -> bool:
    """Whether the model is asked to judge what stands between marks."""
    return "<<<data" in system and "{" in system


def judgement(
    system: str, asked: str, rng: random.Random, *, scenario: str = ""
) -> str:
    """Return the JSON that the system message asks for, of what the user sent.

    Scenarios: ``judge-noisy`` is off by one level now and then, ``judge-first`` prefers
    the answer shown first, ``judge-longer`` the longer one.
    """
    form = json.loads(system[system.rindex("\n{") :])
    data = _Data(system, asked, rng, scenario)
    return json.dumps(data.filled(form, ""), ensure_ascii=False)


class _Data:
    """What is to be judged, and verdicts about it."""

    def __init__(
        self, system: str, asked: str, rng: random.Random, scenario: str
    ) -> None:
        self._system = system
        self._rng = rng
        self._scenario = scenario
        self._parts: dict[str, list[str]] = {}
        for part in _PART.finditer(asked):
            name = re.sub(r" \d+$", "", part["name"])
            name = _KOREAN_NAMES.get(name, name)
            self._parts.setdefault(name, []).append(part["text"])

    def filled(self, form: Any, name: str) -> Any:
        """Return a form with its places filled; `name` is the key that it stands at."""
        verdicts: dict[str, Callable[[Any], Any]] = {
            "explanation": self._explanation,
            "statements": self._statements,
            "verdicts": self._verdicts,
            "label": self._label,
            "better": self._better,
        }
        if name in verdicts and not isinstance(form, dict):
            return verdicts[name](form)
        return {key: self._at(key, value, name) for key, value in form.items()}

    def _at(self, key: str, form: Any, criterion: str) -> Any:
        if key == "score":
            return self._level(criterion or self._criterion(), form)
        if key == "yes":
            return overlap(self._meaning(criterion), self._text("output")) >= MENTIONED
        return self.filled(form, key)

    def _text(self, *names: str) -> str:
        return "\n".join(text for name in names for text in self._parts.get(name, ()))

    def _criterion(self) -> str:
        found = re.search(r"^\S+ (\w+): ", self._system, re.M)
        return found[1] if found else ""

    def _level(self, criterion: str, form: str) -> int:
        levels = [int(each) for each in re.findall(r"\d+", form)]
        place = round(self._share(criterion) * (len(levels) - 1))
        if self._scenario == "judge-noisy":
            place += self._rng.choice((-1, 0, 0, 1))
        return levels[min(max(place, 0), len(levels) - 1)]

    def _share(self, criterion: str) -> float:
        """Return how good it is, 0 to 1."""
        output, context = self._text("output"), self._text("context")
        reference = self._text("reference answer")
        if criterion in ("answer_correctness", "factuality"):
            return overlap(reference, output)
        if criterion in ("faithfulness", "hallucination"):
            return overlap(output, context)
        if criterion == "context_recall":
            return overlap(reference, context)
        if criterion == "context_relevance":
            return min(1.0, 2 * overlap(self._text("question"), context))
        return overlap(self._text("question"), output) if output else 0.0

    def _explanation(self, _: Any) -> str:
        sizes = {name: len("".join(texts)) for name, texts in self._parts.items()}
        return f"measured {', '.join(f'{name} ({n})' for name, n in sizes.items())}"

    def _statements(self, _: Any) -> list[str]:
        *_, last = self._parts.values()
        return [one.strip() for one in _SENTENCE.findall(last[0]) if one.strip()]

    def _verdicts(self, form: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        context, question = self._text("context"), self._text("question")
        pieces = self._parts.get("statement")
        if pieces is None:
            reference = self._text("reference answer")
            yes = [overlap(reference, one) >= 0.3 for one in self._parts["context"]]
        elif context:
            yes = [overlap(one, context) >= SUPPORTED for one in pieces]
        else:
            yes = [overlap(question, one) >= 0.2 for one in pieces]
        said = self._explanation(None)
        return [
            {"number": number, "explanation": said, "yes": one}
            for number, one in enumerate(yes, 1)
        ]

    def _label(self, form: str) -> str:
        said: list[str] = _CHOICES.findall(form)
        labels = [each.strip() for each in said if each.strip()]
        output = self._text("output")
        return max(labels, key=lambda label: overlap(self._meaning(label), output))

    def _meaning(self, label: str) -> str:
        found = re.search(rf"^- {re.escape(label)}: (.*)$", self._system, re.M)
        return f"{label} {found[1] if found else ''}"

    def _better(self, _: Any) -> str:
        first, second = self._text("answer_1"), self._text("answer_2")
        measure = self._text("reference answer", "question")
        one, other = overlap(measure, first), overlap(measure, second)
        if self._scenario == "judge-first":
            one, other = 1.0, 0.0
        elif self._scenario == "judge-longer":
            one, other = float(len(first)), float(len(second))
        if one == other:
            return "tie"
        return "answer_1" if one > other else "answer_2"


def overlap(text: str, other: str) -> float:
    """Return the share of a text's letter pairs that another has, 0 to 1."""
    wanted = _pairs(text)
    return len(wanted & _pairs(other)) / len(wanted) if wanted else 0.0


def _pairs(text: str) -> set[str]:
    words = _LETTERS.findall(text.lower())
    return {word[i : i + 2] for word in words for i in range(max(len(word) - 1, 1))}
