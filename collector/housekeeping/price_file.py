"""A user's own prices: a file in litellm's layout (JSON), or in ours (TOML).

JSON: ``{"my-model": {"input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6,
"cache_read_input_token_cost": 5e-7, "litellm_provider": "openai"}}``; other keys are
passed over. TOML, in US dollars for a million tokens::

    [[price]]
    model = "my-model"
    provider = "openai"   # every provider if it is left out
    input = 1.0
    output = 2.0
    cache_read = 0.5      # as input if it is left out
    from = 2026-11-01     # always if it is left out
"""

import datetime
import hashlib
import json
import math
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from collector.errors import SettingsError
from collector.housekeeping.price_list import (
    FIRST_DAY,
    LAST_DAY,
    PROVIDERS,
    Price,
    day_before,
)

TOML_KEYS = frozenset({"model", "provider", "input", "output", "cache_read", "from"})
JSON_COSTS = {
    "input_cost_per_token": "input",
    "output_cost_per_token": "output",
    "cache_read_input_token_cost": "cache_read",
}
JSON_NO_MODEL = "sample_spec"
"""litellm's own list explains its keys under this name."""


@dataclass(frozen=True)
class OwnPrice:
    """What a user says that a model costs."""

    model: str
    """Its name, as spans have it."""

    provider: str
    """Of which provider; empty for every one."""

    first_day: str
    """From when on, ISO 8601."""

    input: float
    """US dollars for a million tokens, as the next ones."""

    output: float | None
    """Missing: nothing is charged for output."""

    cache_read: float | None
    """Missing: as input."""


@dataclass(frozen=True)
class PriceFile:
    """A file that was read."""

    source: str
    """Name and version, as spans carry it: its name and the head of its digest."""

    prices: tuple[OwnPrice, ...]
    """What it says."""

    def of(self, known: Iterable[tuple[str, str]]) -> Iterator[Price]:
        """Yield its prices by provider and model.

        Args:
            known: (provider, model) of which a price for every provider is wanted.
        """
        providers: dict[str, set[str]] = {}
        for provider, model in known:
            providers.setdefault(model, set()).add(provider)
        by_pair: dict[tuple[str, str], list[OwnPrice]] = {}
        for price in self.prices:
            for provider in _names(price.provider) or providers.get(price.model, ()):
                by_pair.setdefault((provider, price.model), []).append(price)
        for (provider, model), dated in by_pair.items():
            yield from _in_turn(provider, model, dated)


def read_price_file(path: Path) -> PriceFile:
    """Return what a price file says.

    Raises:
        SettingsError: it cannot be read, or an entry is no price; it is named.
    """
    try:
        data = path.read_bytes()
        text = data.decode()
        if path.suffix == ".toml":
            prices = list(_from_toml(tomllib.loads(text)))
        else:
            prices = list(_from_json(json.loads(text)))
    except OSError as error:
        raise _unfit(path, f"cannot be read ({error.strerror})") from None
    # of both readers, of text and of ours; of numbers beyond all floats
    except (ValueError, OverflowError) as error:
        raise _unfit(path, f"is no price list: {error}") from None
    digest = hashlib.sha256(data).hexdigest()[:12]
    return PriceFile(f"{path.name} {digest}", tuple(prices))


def _unfit(path: Path, why: str) -> SettingsError:
    return SettingsError(f"TRACER_PRICES_FILE '{path}' {why}")


def _from_json(found: Any) -> Iterator[OwnPrice]:
    if not isinstance(found, dict):
        raise ValueError("it is no object of models")
    for name, entry in found.items():
        if name == JSON_NO_MODEL:
            continue
        if not isinstance(entry, dict):
            raise ValueError(f"{name!r} is no object")
        costs = {
            ours: _dollars(name, key, entry[key], scale=1e6)
            for key, ours in JSON_COSTS.items()
            if entry.get(key) is not None
        }
        if "input" not in costs:
            continue  # what is priced by the image or the second
        provider = entry.get("litellm_provider") or ""
        model = name.removeprefix(f"{provider}/")
        yield OwnPrice(
            model,
            str(provider),
            FIRST_DAY,
            costs["input"],
            costs.get("output"),
            costs.get("cache_read"),
        )


def _from_toml(found: Mapping[str, Any]) -> Iterator[OwnPrice]:
    entries = found.get("price")
    if not isinstance(entries, list) or set(found) != {"price"}:
        raise ValueError("it has to be a list of [[price]]")
    for number, entry in enumerate(entries, 1):
        where = f"price {number}"
        if unknown := set(entry) - TOML_KEYS:
            raise ValueError(f"{where} has an unknown {min(unknown)!r}")
        model, provider = entry.get("model"), entry.get("provider", "")
        if not isinstance(model, str) or not isinstance(provider, str) or not model:
            raise ValueError(f"{where} has no model, or a provider that is no text")
        if "input" not in entry:
            raise ValueError(f"{where} ({model}) has no input")
        first = entry.get("from", datetime.date(1970, 1, 1))
        is_day = type(first) is datetime.date
        if not is_day or not FIRST_DAY <= first.isoformat() <= LAST_DAY:
            said = f"{where} ({model}): from {str(first)!r} is no day"
            raise ValueError(f"{said} from {FIRST_DAY} to {LAST_DAY}")
        costs = {
            key: _dollars(model, key, entry[key])
            for key in ("input", "output", "cache_read")
            if key in entry
        }
        yield OwnPrice(
            model,
            provider,
            first.isoformat(),
            costs["input"],
            costs.get("output"),
            costs.get("cache_read"),
        )


def _dollars(model: str, key: str, value: Any, *, scale: float = 1.0) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not math.isfinite(value) or value < 0:
        raise ValueError(f"{model!r}: {key} {value!r} is no price")
    return float(value) * scale


def _names(provider: str) -> tuple[str, ...]:
    """Return the names that spans have for a provider; none if it is left out."""
    if not provider:
        return ()
    return tuple({provider, *PROVIDERS.get(provider, ())})


def _in_turn(provider: str, model: str, dated: list[OwnPrice]) -> Iterator[Price]:
    """Yield a model's prices, each until the next one begins; of one day the last."""
    by_day = {price.first_day: price for price in dated}
    days = sorted(by_day)
    ends = [day_before(day) for day in days[1:]] + [LAST_DAY]
    for day, end in zip(days, ends, strict=True):
        price = by_day[day]
        yield {
            "provider": provider,
            "model": model,
            "first_day": day,
            "last_day": end,
            "input": price.input,
            "output": price.output,
            "cache_read": price.cache_read,
        }
