"""OpenAI's forms: evals (its repository's and the hosted ones) and fine-tuning.

Sources: github.com/openai/evals (``input``, ``ideal``), the Evals API (``item``,
``sample``), the fine-tuning guides for ``messages`` and for preferences.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Literal

from tracer._values.encoding import to_json
from tracer.evaluation._identity import WHOLE
from tracer.evaluation._rows import Example

Answer = Literal["expected", "output"]

_BESIDE_EVALS: Final = ("input", "ideal", "id", "source", "metadata")
_BESIDE_TUNING: Final[tuple[str, ...]] = (
    *("messages", "tools", "functions", "parallel_tool_calls"),
)


def rows_of_evals(
    rows: Iterable[Mapping[str, Any]], *, expected: str | None
) -> Iterator[dict[str, Any]]:
    """Yield dataset rows of eval samples, either form.

    Args:
        rows: ``{"input": …, "ideal": …}`` or ``{"item": {…}, "sample": {…}}``.
        expected: Column of ``item`` that is the reference answer.

    Raises:
        ValueError: A row is of neither form, or has no such column.
    """
    for number, row in enumerate(rows):
        if isinstance(row, Mapping) and isinstance(row.get("item"), Mapping):
            yield _of_item(row, expected, number)
        elif isinstance(row, Mapping) and "input" in row:
            yield _of_sample(row)
        else:
            raise ValueError(
                f"row {number} has neither 'input' nor an object 'item', which "
                f"OpenAI's evals have: {str(row)[:80]}"
            )


def rows_of_fine_tuning(rows: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield dataset rows of training examples: the last assistant message is expected.

    ``{"messages": […]}``, and pairs of preferences ``{"input": {"messages": […]},
    "preferred_output": […], "non_preferred_output": […]}``.

    Raises:
        ValueError: A row has no messages, or none of an assistant at its end.
    """
    for number, row in enumerate(rows):
        if isinstance(row, Mapping) and "preferred_output" in row:
            yield _of_preference(row, number)
        else:
            yield _of_conversation(row, number)


def evals_row(example: Example, number: int) -> dict[str, Any]:
    """Return an example as a sample of OpenAI's evals repository.

    Raises:
        ValueError: Its inputs are neither messages nor one text.
    """
    own = {} if example.has_content_id else {"id": example.id}
    ideal = {} if example.expected is None else {"ideal": example.expected}
    more = {"metadata": example.metadata} if example.metadata else {}
    return {"input": _asked(example, number), **ideal, **own, **more}


def hosted_row(example: Example) -> dict[str, Any]:
    """Return an example as a row of a hosted eval: ``item``, and ``sample`` if any."""
    item = dict(example.inputs)
    if example.expected is not None:
        item["expected"] = example.expected
    if not example.has_content_id:
        item["id"] = example.id
    if example.metadata:
        item["metadata"] = example.metadata
    if example.output is None:
        return {"item": item}
    return {"item": item, "sample": {"output_text": _text(example.output)}}


def fine_tuning_row(example: Example, number: int, answer: Answer) -> dict[str, Any]:
    """Return an example as a training example of the chat form.

    Raises:
        ValueError: It has no answer, or its inputs are neither messages nor one text.
    """
    said = example.expected if answer == "expected" else example.output
    if said is None:
        raise ValueError(
            f"row {number} ({example.id}) has no {answer}, so there is nothing to "
            f"learn from; leave it out, or give answer={_OTHER[answer]!r}"
        )
    asked = _asked(example, number)
    if isinstance(asked, str):
        asked = [{"role": "user", "content": asked}]
    is_message = isinstance(said, Mapping) and said.get("role") == "assistant"
    last = said if is_message else {"role": "assistant", "content": _text(said)}
    more = {key: example.inputs[key] for key in _BESIDE_TUNING if key in example.inputs}
    return {**more, "messages": [*asked, last]}


_OTHER: Final = {"expected": "output", "output": "expected"}


def _of_sample(row: Mapping[str, Any]) -> dict[str, Any]:
    more = {key: value for key, value in row.items() if key not in _BESIDE_EVALS}
    metadata = row.get("metadata")
    return {
        "id": row.get("id"),
        "inputs": {"input": row["input"]},
        "expected": row.get("ideal"),
        "metadata": {**more, **(metadata if isinstance(metadata, Mapping) else {})},
        "source": row.get("source"),
    }


def _of_item(
    row: Mapping[str, Any], expected: str | None, number: int
) -> dict[str, Any]:
    item, sample = dict(row["item"]), row.get("sample")
    if expected is not None:
        if expected not in item:
            raise ValueError(
                f"row {number} has no {expected!r} in its item, only {sorted(item)}"
            )
        item["expected"] = item.pop(expected)
    if isinstance(sample, Mapping):
        item["output"] = output_of_sample(sample)
    return item if row.get("source") is None else {**item, "source": row["source"]}


def output_of_sample(sample: Mapping[str, Any]) -> Any:
    """Return what a model said, as ``sample`` of the Evals API has it."""
    if sample.get("output_text") is not None:
        return sample["output_text"]
    said = sample.get("output")
    if isinstance(said, list) and said:
        last = said[-1]
        is_text = isinstance(last, Mapping) and isinstance(last.get("content"), str)
        return last["content"] if is_text else said
    return said


def _of_conversation(row: Any, number: int) -> dict[str, Any]:
    messages = row.get("messages") if isinstance(row, Mapping) else None
    if not isinstance(messages, list) or not messages:
        raise ValueError(f"row {number} has no list of messages: {str(row)[:80]}")
    last = messages[-1]
    if not isinstance(last, Mapping) or last.get("role") != "assistant":
        raise ValueError(
            f"row {number} does not end with a message of the assistant, which is what "
            f"a model should learn to say: {str(last)[:80]}"
        )
    more = {key: row[key] for key in _BESIDE_TUNING[1:] if key in row}
    known = (*_BESIDE_TUNING, "source")
    return {
        "inputs": {"messages": messages[:-1], **more},
        "expected": _plain_answer(last),
        "metadata": {key: value for key, value in row.items() if key not in known},
        "source": row.get("source"),
    }


def _of_preference(row: Mapping[str, Any], number: int) -> dict[str, Any]:
    asked = row.get("input")
    if not isinstance(asked, Mapping) or not isinstance(asked.get("messages"), list):
        raise ValueError(f"row {number} has no messages in its input: {str(row)[:80]}")
    preferred = list(row["preferred_output"])
    return {
        "inputs": dict(asked),
        "expected": _plain_answer(preferred[-1]) if preferred else None,
        "metadata": {"non_preferred_output": row.get("non_preferred_output")},
        "source": row.get("source"),
    }


def _plain_answer(message: Mapping[str, Any]) -> Any:
    """Return the text of a message that is nothing more, else the whole message."""
    is_plain = set(message) <= {"role", "content"}
    return message.get("content") if is_plain else dict(message)


def _asked(example: Example, number: int) -> Any:
    """Return messages or a text: what a model is asked."""
    inputs = example.inputs
    for key in ("messages", "input", "prompt"):
        if isinstance(inputs.get(key), list | str):
            return inputs[key]
    texts = [value for value in inputs.values() if isinstance(value, str)]
    if len(inputs) == 1 and len(texts) == 1:
        return texts[0]
    raise ValueError(
        f"row {number} ({example.id}) has the inputs {sorted(inputs)}: none of them is "
        "the prompt alone. Add an input 'messages' or 'prompt' that holds all of it"
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else to_json(value, max_bytes=WHOLE)
