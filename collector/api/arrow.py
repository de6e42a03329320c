"""Answers as JSON or as an Arrow stream, whichever the caller asked for."""

from collections.abc import Callable
from typing import Any

from collector.api.call import ARROW, Answer, Call, lines_answer, rows_answer
from collector.storage.reads.reader import Asked


def page_answer(
    call: Call, rows: list[dict[str, Any]], cursor: str | None = None
) -> Answer:
    """Return a page of rows that several statements, or people, made."""
    if call.wants_arrow:
        from collector.storage.reads.arrow import stream_of_rows

        return Answer(stream_of_rows(rows), ARROW, cursor)
    return rows_answer(rows, cursor)


def asked_answer(call: Call, asked: Asked, *, at_most: int | None = None) -> Answer:
    """Return the rows of one statement as the engine writes them.

    Args:
        call: the request.
        asked: the statement.
        at_most: rows of an answer; it says whether there are more. None: no limit.
    """
    if call.wants_arrow:
        return cut_answer(lambda: call.reader.arrow_of(asked), at_most=at_most)
    return lines_answer(call.reader.lines_of(asked), at_most=at_most)


def cut_answer(stream: Callable[[], bytes], *, at_most: int | None) -> Answer:
    """Return an Arrow stream of at most so many rows."""
    from collector.storage.reads.arrow import cut_stream

    cut, is_cut = cut_stream(stream(), at_most)
    return Answer(cut, ARROW, truncated=is_cut)
