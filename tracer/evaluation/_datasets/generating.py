"""Answers that a dataset lacks, made by a model that the user names."""

import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from tracer.errors import ConfigurationError
from tracer.evaluation._arguments import ByName
from tracer.evaluation._caught import Caught
from tracer.evaluation._datasets.vertex import BASELINE, RESPONSE
from tracer.evaluation._models import model_function
from tracer.evaluation._progress import Progress
from tracer.evaluation._rows import Example

COLUMNS: Final = (RESPONSE, BASELINE)
"""Columns that can be made: the stored output, and the baseline's, in metadata."""


class GenerationError(Exception):
    """Some answers could not be made; what was made is in `examples`."""

    examples: tuple[Example, ...]
    """All rows in their order, with the answers that there are."""

    errors: dict[str, Exception]
    """What went wrong, by id of the example."""

    def __init__(
        self, column: str, examples: Iterable[Example], errors: dict[str, Exception]
    ) -> None:
        self.examples = tuple(examples)
        self.errors = errors
        id, first = next(iter(errors.items()))
        super().__init__(
            f"{len(errors)} rows have no {column} still; the first, {id}: "
            f"{type(first).__name__}: {first}. Dataset.of(error.examples) has the "
            "others: generate again to try only what is missing"
        )


async def generate(
    examples: Sequence[Example],
    column: str,
    model: Any,
    *,
    client: Any,
    concurrency: int,
) -> list[Example]:
    """Return the examples with the column filled in; arguments as `Dataset.generate`.

    Raises:
        ConfigurationError: The column cannot be made, or the model cannot be asked.
        GenerationError: The model failed for some rows.
    """
    import asyncio  # 30 ms, for whoever generates

    if column not in COLUMNS:
        raise ConfigurationError(f"column {column!r}: give one of {', '.join(COLUMNS)}")
    call = _call_of(model, client)
    missing = {at: one for at, one in enumerate(examples) if _lacks(one, column)}
    made = list(examples)
    errors: dict[str, Exception] = {}
    waiting = iter(missing.items())

    async def work() -> None:
        for place, example in waiting:
            with Caught() as caught:
                answer = await call.call({**example.columns, "example": example})
                made[place] = _with(example, column, answer)
            if caught.error is not None:
                errors[example.id] = caught.error
            progress.step(failed=caught.error is not None)

    with Progress(len(missing), name=column, unit="answer") as progress:
        async with asyncio.TaskGroup() as group:
            for _ in range(min(concurrency, len(missing))):
                group.create_task(work())
    if errors:
        raise GenerationError(column, made, errors)
    return made


def _lacks(example: Example, column: str) -> bool:
    if column == RESPONSE:
        return example.output is None
    return example.metadata.get(BASELINE) is None


def _with(example: Example, column: str, answer: Any) -> Example:
    if column == RESPONSE:
        return replace(example, output=answer)
    return replace(example, metadata={**example.metadata, BASELINE: answer})


def _call_of(model: Any, client: Any) -> ByName:
    """Return what is called for each row: the user's function, or the client's chat."""
    if client is None:
        if isinstance(model, str):
            raise ConfigurationError(
                f"model {model!r} is a name; give the client that knows it too: "
                "client=OpenAI()"
            )
        return ByName(model_function(model), what="model")
    if not isinstance(model, str):
        raise ConfigurationError(
            f"model {model!r}: with a client, give the model's name as a text"
        )
    return ByName(_chat(client, model), what=f"model {model}")


def _chat(client: Any, model: str) -> Callable[..., Any]:
    create = client.chat.completions.create

    def answer(example: Example) -> Any:
        return _text(create(model=model, messages=messages_of(example)))

    async def answer_later(example: Example) -> Any:
        return _text(await create(model=model, messages=messages_of(example)))

    is_async = inspect.iscoroutinefunction(inspect.unwrap(create))
    return answer_later if is_async else answer


def messages_of(example: Example) -> list[Any]:
    """Return the chat that an example asks: its messages, or history and prompt.

    Raises:
        ValueError: There is no ``messages``, ``prompt`` or ``input``, and more than one
            column, so that nobody knows what the prompt is.
    """
    inputs = example.inputs
    for key in ("messages", "input"):
        if isinstance(inputs.get(key), list):
            return list(inputs[key])
    texts = [value for value in inputs.values() if isinstance(value, str)]
    prompt = inputs.get("prompt", inputs.get("input"))
    if prompt is None and len(texts) == len(inputs) == 1:
        prompt = texts[0]
    if not isinstance(prompt, str):
        raise ValueError(
            f"example {example.id} has the inputs {sorted(inputs)}, and no 'prompt'; "
            "make one: Dataset.from_vertex(rows, prompt_template='{question} …')"
        )
    history = inputs.get("history")
    before = list(history) if isinstance(history, list) else []
    return [*before, {"role": "user", "content": prompt}]


def _text(completion: Any) -> Any:
    return completion.choices[0].message.content
