"""What models cost, from genai-prices: ``python -m collector.housekeeping.price_list``.

A program of its own because importing genai-prices costs a second and 100 MB, which the
collector need not keep. Standard input is a JSON list of [provider, model] seen on
spans; standard output has a JSON line a price, in US dollars for a million tokens.
"""

import datetime
import json
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from typing import Any

FIRST_DAY = "1970-01-01"
LAST_DAY = "2149-06-06"
"""The last day that a column of type Date can hold."""

PROVIDERS = {
    "openai": ("openai",),
    "azure": ("azure.ai.openai", "azure.ai.inference", "az.ai.openai", "azure"),
    "anthropic": ("anthropic",),
    "aws": ("aws.bedrock",),
    "cohere": ("cohere",),
    "deepseek": ("deepseek",),
    "google": ("gcp.gemini", "gcp.vertex_ai", "gcp.gen_ai", "gemini", "vertex_ai"),
    "groq": ("groq",),
    "mistral": ("mistral_ai",),
    "moonshotai": ("moonshot_ai",),
    "perplexity": ("perplexity",),
    "x-ai": ("x_ai", "xai"),
}
"""genai-prices' name of a provider → the conventions' names of its API."""

Price = dict[str, Any]


def source() -> str:
    """Return which price list this is, without loading it."""
    return f"genai-prices {version('genai-prices')}"


def catalogue() -> Iterator[Price]:
    """Yield the prices of every model that the list names."""
    from genai_prices.data_snapshot import get_snapshot

    for provider in get_snapshot().providers:
        for called in {provider.id, *PROVIDERS.get(provider.id, ())}:
            for model in provider.models:
                for name in {model.id, *_exact_names(model.match)}:
                    yield from _prices(called, name, model)


def seen(pairs: Iterable[tuple[str, str]]) -> Iterator[Price]:
    """Yield the prices of models by the names that spans gave them, where known."""
    from genai_prices.data_snapshot import get_snapshot

    ids = {name: known for known, names in PROVIDERS.items() for name in names}
    snapshot = get_snapshot()
    for provider, name in pairs:
        # a vendor's word such as `openai.chat` begins with the provider's
        known = ids.get(provider) or provider.partition(".")[0] or None
        try:
            _, model = snapshot.find_provider_model(name, None, known, None)
        except LookupError:
            continue
        yield from _prices(provider, name, model)


def _exact_names(clause: Any) -> Iterator[str]:
    for part in getattr(clause, "or_", [clause]):
        if name := getattr(part, "equals", None):
            yield name


def _prices(provider: str, name: str, model: Any) -> Iterator[Price]:
    """Yield one price for each time in which it held."""
    dated = sorted(_dated(model.prices), key=lambda item: item[0])
    ends = [day_before(start) for start, _ in dated[1:]] + [LAST_DAY]
    for (start, price), end in zip(dated, ends, strict=True):
        yield {
            "provider": provider,
            "model": name,
            "first_day": start,
            "last_day": end,
            "input": _dollars(price, "input_mtok"),
            "output": _dollars(price, "output_mtok"),
            "cache_read": _dollars(price, "cache_read_mtok"),
        }


def _dated(prices: Any) -> list[tuple[str, Any]]:
    """Return (first day, price); a price by the time of day is left out."""
    if not isinstance(prices, list):
        return [(FIRST_DAY, prices)]
    found = {}
    for item in prices:
        start = getattr(item.constraint, "start_date", None)
        if item.constraint is None or start is not None:
            found[start.isoformat() if start else FIRST_DAY] = item.prices
    return list(found.items())


def day_before(day: str) -> str:
    """Return the day before one, both ISO 8601."""
    before = datetime.date.fromisoformat(day) - datetime.timedelta(days=1)
    return before.isoformat()


def _dollars(price: Any, unit: str) -> float | None:
    amount = getattr(price, unit, None)
    amount = getattr(amount, "base", amount)  # tiers: the price of the first
    return None if amount is None else float(amount)


def main() -> None:
    """Write the catalogue, and the models asked for, to standard output."""
    asked = [(str(provider), str(model)) for provider, model in json.load(sys.stdin)]
    for price in (*catalogue(), *seen(asked)):
        sys.stdout.write(json.dumps(price) + "\n")


if __name__ == "__main__":
    main()
