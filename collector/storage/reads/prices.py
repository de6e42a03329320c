"""What tokens of a model cost, by the lists that price spans."""

from collector.storage.reads.reader import Reader, Row

_DAY_NS = 86_400 * 10**9
_LAST_DAY = 65_535


def read_price(reader: Reader, provider: str, model: str, at_ns: int) -> Row | None:
    """Return the price that holds at a time; None if no list has one.

    Args:
        reader: where it is read.
        provider: the conventions' name of the model's API: ``openai``.
        model: its name there.
        at_ns: nanoseconds since 1970, UTC.
    """
    day = min(max(at_ns // _DAY_NS, 0), _LAST_DAY)
    asked = {"provider": provider, "model": model, "day": day}
    row = reader.rows("price", asked)[0]
    return row if row["source"] else None
