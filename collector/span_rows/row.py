"""One span as a row of `spans`; the fields are the table's columns."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanRow:
    """A span as it is stored; what each column means is in docs/schema.md."""

    project: str
    ts: int
    duration_ns: int
    trace_id: bytes
    span_id: bytes
    parent_span_id: bytes
    is_entry: bool
    name: str
    kind: str
    span_kind: str
    status: str
    status_message: str
    error_type: str
    operation: str
    provider: str
    model: str
    usage_counts: bool
    input_tokens: int | None
    output_tokens: int | None
    cache_read_tokens: int | None
    cost_usd: float | None
    cost_source: str
    sender_cost_usd: float | None
    time_to_first_token_ns: int | None
    user_id: str
    session_id: str
    tags: list[str]
    metadata: dict[str, str]
    environment: str
    release: str
    service: str
    prompt_name: str
    prompt_version: str
    evaluation_id: str
    example_id: str
    trial: int | None
    input_preview: str
    output_preview: str
    input: str
    output: str
    expected: str
    attributes: dict[str, str]
    attribute_types: dict[str, str]
    resource: dict[str, str]
    scope_name: str
    scope_version: str
    events: str
    links: str
    digest: bytes
    received_at: int
    request_number: int
