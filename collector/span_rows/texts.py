"""Values as the engine writes them: doubles, JSON text, numbers in text."""

import math
import re

_ESCAPES = {
    **{code: f"\\u{code:04X}" for code in range(0x20)},
    ord("\b"): "\\b",
    ord("\f"): "\\f",
    ord("\n"): "\\n",
    ord("\r"): "\\r",
    ord("\t"): "\\t",
    ord('"'): '\\"',
    ord("\\"): "\\\\",
    ord("/"): "\\/",
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|-?(?:nan|inf)", re.A)
_DIGITS = re.compile(r"\+?\d{1,20}", re.A)
_POINT_RANGE = range(-6, 21)
"""Exponents of ten that are written without an exponent."""


def json_text(text: str) -> str:
    """Return a text as JSON, as the engine's toJSONString writes it."""
    return f'"{text.translate(_ESCAPES)}"'


def double_text(number: float) -> str:
    """Return a double as the engine's toString writes it: the shortest exact."""
    if not math.isfinite(number):
        return str(number)
    if number == 0:
        return "-0" if math.copysign(1, number) < 0 else "0"
    sign, digits, exponent = _parts(number)
    if exponent not in _POINT_RANGE:
        point = "." if len(digits) > 1 else ""
        return f"{sign}{digits[0]}{point}{digits[1:]}e{exponent}"
    if exponent < 0:
        return f"{sign}0.{'0' * (-exponent - 1)}{digits}"
    whole = digits[: exponent + 1].ljust(exponent + 1, "0")
    fraction = digits[exponent + 1 :]
    return f"{sign}{whole}.{fraction}" if fraction else f"{sign}{whole}"


def double_json(text: str) -> str:
    """Return a double's text as JSON: with a point, so that it is read back as one."""
    if text.lstrip("-").isdigit():
        return f"{text}.0"
    return f'"{text}"' if text.lstrip("-").isalpha() else text


def float_or_none(text: str) -> float | None:
    """Return the number that a text holds, None if it is none."""
    return float(text) if _NUMBER.fullmatch(text) else None


def count_or_none(text: str) -> int | None:
    """Return the whole number from 0 to 2**64 - 1 that a text holds, else None."""
    return whole_or_none(float_or_none(text))


def tokens_or_none(text: str) -> int | None:
    """Return the whole number from 0 to 2**32 - 1 that a text holds, else None."""
    count = count_or_none(text)
    return count if count is not None and count < 2**32 else None


def small_count_or_none(text: str) -> int | None:
    """Return the whole number from 0 to 2**32 - 1 that a text spells, else None."""
    number = int(text) if _DIGITS.fullmatch(text) else None
    return number if number is not None and number < 2**32 else None


def rounded(number: float) -> float:
    """Return a number without its fraction, halves to the even neighbour."""
    return float(round(number)) if math.isfinite(number) else number


def whole_or_none(number: float | None) -> int | None:
    """Return a number as UInt64 if it is exactly one."""
    if number is None or not math.isfinite(number) or number != int(number):
        return None
    return int(number) if 0 <= number < 2**64 else None


def _parts(number: float) -> tuple[str, str, int]:
    """Return sign, significant digits and the exponent of the first of them."""
    mantissa, _, power = f"{abs(number)!r}".partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    leading = len(whole + fraction) - len(digits)
    exponent = len(whole) - 1 - leading + int(power or 0)
    return ("-" if number < 0 else ""), digits.rstrip("0"), exponent
