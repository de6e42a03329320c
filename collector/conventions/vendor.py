"""What a vendor's table says: which attribute keys carry what."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Keys = tuple[str, ...]
"""Attribute keys, the one to trust most first."""


@dataclass(frozen=True)
class Vendor:
    """The keys of one sender; a field that it does not send stays empty."""

    name: str
    """Who sends these keys."""

    kinds: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Key → its values in lower case → our kind."""

    operation: Keys = ()
    """Name of the operation, kept as sent."""

    provider: Keys = ()
    """Flavour of the model API."""

    providers: Mapping[str, str] = field(default_factory=dict)
    """Its word for a provider → the conventions' word; empty for what is none."""

    model: Keys = ()
    """Model that answered, else the one that was asked for."""

    model_within: Keys = ()
    """JSON of the call's parameters; its ``model`` counts if no key has one."""

    input_tokens: Keys = ()
    """Prompt tokens, cached ones included."""

    output_tokens: Keys = ()
    """Generated tokens, reasoning included."""

    cache_read_tokens: Keys = ()
    """Prompt tokens that came from the provider's cache."""

    sender_cost_usd: Keys = ()
    """Cost as the sender reckoned it."""

    usage: Keys = ()
    """Token counts as one object of JSON; `sums` says which of them count as what."""

    cost: Keys = ()
    """Costs as one object of JSON, likewise."""

    sums: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    """Key of such an object → a field of `SUMS` → the names that add up to it, at
    whatever depth of the object they are."""

    time_to_first_token_s: Keys = ()
    """Seconds to the first chunk of a streamed answer."""

    time_to_first_token_ms: Keys = ()
    """The same in milliseconds."""

    first_token_at: Keys = ()
    """The time of that chunk, as ISO 8601 writes it."""

    first_token_events: Keys = ()
    """Names of span events that mark the first chunk."""

    user_id: Keys = ()
    """Who used the application."""

    session_id: Keys = ()
    """Conversation or session that the call belongs to."""

    tags: Keys = ()
    """Labels: an array, or one text with commas."""

    metadata_prefixes: Keys = ()
    """Keys that begin so are metadata; the rest of the key is its name."""

    metadata_json: Keys = ()
    """One JSON object that holds all metadata."""

    input: Keys = ()
    """What went in."""

    output: Keys = ()
    """What came out."""

    prompt_name: Keys = ()
    """Name of the prompt that was used."""

    prompt_version: Keys = ()
    """Version of the prompt that was used."""

    environment: Keys = ()
    """Deployment environment, on the span or its resource."""

    release: Keys = ()
    """Version of the application, on the span or its resource."""

    expected: Keys = ()
    """The reference answer of a prediction."""

    evaluation_id: Keys = ()
    """Evaluation run that the span belongs to."""

    run_name: Keys = ()
    """Name of an evaluation run that only spans tell of: the root of a trace with it is
    a prediction."""

    run_dataset: Keys = ()
    """Dataset of such a run."""

    example_id: Keys = ()
    """Example of that run."""

    trial: Keys = ()
    """Repetition of that example, from 0."""

    error_type: Keys = ()
    """Class of the error."""

    tool: Keys = ()
    """Keys that only tool calls have."""

    service: Keys = ()
    """Name of the service, on the resource."""

    project: Keys = ()
    """The vendor's word for project, on the resource or the span."""

    stage: Keys = ()
    """Whether the span is whole; those whose value is in `unfinished` are not kept."""

    unfinished: tuple[str, ...] = ()
    """Values of `stage` of spans that will be sent once more, as another span."""

    hidden: tuple[str, ...] = ()
    """How a value begins that stands for one the sender took away; it is no value."""

    fails_by_exception: tuple[str, ...] = ()
    """Scopes whose failed spans say `ok`, and only an exception that they are not."""


SUMS = (
    *("input_tokens", "output_tokens", "cache_read_tokens"),
    *("sender_cost_usd", "parts_of_cost"),
)
"""What objects of numbers are added up to; the cost's parts stand in for a total."""

_WITHOUT_KEYS = frozenset(
    {
        *("name", "kinds", "providers", "sums"),
        *("unfinished", "hidden", "fails_by_exception", "first_token_events"),
        "run_dataset",
    }
)

FIELDS = tuple(
    name for name in Vendor.__dataclass_fields__ if name not in _WITHOUT_KEYS
)
"""Names of the fields that hold keys."""
