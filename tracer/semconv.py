"""Every attribute name and closed value set that travels on the wire, once.

Sources: OpenTelemetry GenAI semantic conventions (commit 024a4f944a of
open-telemetry/semantic-conventions-genai, all of "Development" stability),
OpenTelemetry core conventions 1.44 for the names without a ``gen_ai.`` prefix. Names
under ``tracer.`` are ours. Standard library only: the collector imports this module,
and so may any script.
"""

from typing import Final

# --- What an operation is -----------------------------------------------------------

OPERATION_NAME: Final = "gen_ai.operation.name"
"""Which GenAI operation a span records; one of the convention's values, text."""

PROVIDER_NAME: Final = "gen_ai.provider.name"
"""The telemetry flavour of the API (``openai``), not the host; text."""

KIND: Final = "tracer.kind"
"""Our kind, written only where the convention has no operation for it; see `KINDS`."""

KINDS: Final = (
    "llm",
    "embedding",
    "retriever",
    "reranker",
    "tool",
    "agent",
    "chain",
    "guardrail",
    "evaluator",
    "prediction",
    "span",
)
"""Every value of a span's kind, as shown to people and stored in column ``kind``."""

OPERATION_OF_KIND: Final = {
    "llm": "chat",
    "embedding": "embeddings",
    "retriever": "retrieval",
    "tool": "execute_tool",
    "agent": "invoke_agent",
}
"""The convention's operation that our kinds are written as, where it has one."""

KIND_OF_OPERATION: Final = {
    "chat": "llm",
    "text_completion": "llm",
    "generate_content": "llm",
    "fetch_response": "llm",
    "embeddings": "embedding",
    "retrieval": "retriever",
    "search_memory": "retriever",
    "execute_tool": "tool",
    "create_agent": "agent",
    "invoke_agent": "agent",
    "invoke_workflow": "chain",
    "plan": "chain",
}
"""How the convention's operations are read as our kinds; others are ``span``."""

# --- Content ------------------------------------------------------------------------

INPUT: Final = "tracer.input"
"""The input of any span that is not a model call; JSON text, always."""

OUTPUT: Final = "tracer.output"
"""The output of any span that is not a model call; JSON text, always."""

EXPECTED: Final = "tracer.expected"
"""The reference answer of a prediction; JSON text."""

INPUT_MESSAGES: Final = "gen_ai.input.messages"
"""Chat history sent to the model, oldest first; JSON text of the message schema."""

OUTPUT_MESSAGES: Final = "gen_ai.output.messages"
"""One message for each choice; JSON text of the message schema."""

SYSTEM_INSTRUCTIONS: Final = "gen_ai.system_instructions"
"""Instructions given apart from the history; JSON text, a list of parts."""

TOOL_DEFINITIONS: Final = "gen_ai.tool.definitions"
"""Tools offered to the model; JSON text."""

REQUEST_FORMAT: Final = "tracer.request.response_format"
"""The JSON schema that the answer has to follow, as the caller gave it; JSON text.

The object of ``response_format``, in the Responses API of ``text.format``: without it
a recorded call cannot be made again.
"""

LOGPROBS: Final = "tracer.logprobs"
"""What the model gave for its own tokens, where the caller asked; JSON text, a list.

One object for each choice: ``n_tokens``, ``sum`` (natural logarithm, all tokens) and
``logprobs``, the first 2,000 in their order, with ``truncated`` if there were more. The
tokens themselves are not in it: no rule of redaction finds a secret cut to pieces.
"""

CONTENT_KEYS: Final = frozenset(
    {
        INPUT,
        OUTPUT,
        EXPECTED,
        INPUT_MESSAGES,
        OUTPUT_MESSAGES,
        SYSTEM_INSTRUCTIONS,
        TOOL_DEFINITIONS,
        REQUEST_FORMAT,
        LOGPROBS,
    }
)
"""Attributes that hold what people and models said, unless content is not captured."""

# --- Model calls --------------------------------------------------------------------

REQUEST_MODEL: Final = "gen_ai.request.model"
REQUEST_TEMPERATURE: Final = "gen_ai.request.temperature"
REQUEST_TOP_P: Final = "gen_ai.request.top_p"
REQUEST_TOP_K: Final = "gen_ai.request.top_k"
REQUEST_MAX_TOKENS: Final = "gen_ai.request.max_tokens"
REQUEST_FREQUENCY_PENALTY: Final = "gen_ai.request.frequency_penalty"
REQUEST_PRESENCE_PENALTY: Final = "gen_ai.request.presence_penalty"
REQUEST_SEED: Final = "gen_ai.request.seed"
REQUEST_STOP_SEQUENCES: Final = "gen_ai.request.stop_sequences"
REQUEST_CHOICE_COUNT: Final = "gen_ai.request.choice.count"
REQUEST_STREAM: Final = "gen_ai.request.stream"
REQUEST_REASONING_LEVEL: Final = "gen_ai.request.reasoning.level"
REQUEST_PREVIOUS_RESPONSE_ID: Final = "gen_ai.request.previous_response.id"
REQUEST_STREAM_CURSOR: Final = "gen_ai.request.stream_cursor"
"""The last event that was read before, from which a stream goes on; text."""

REQUEST_TOOL_CHOICE: Final = "tracer.request.tool_choice"
"""``auto``, ``none``, ``required``, or the name of the tool that must be called."""

REQUEST_PARALLEL_TOOL_CALLS: Final = "tracer.request.parallel_tool_calls"
REQUEST_VERBOSITY: Final = "tracer.request.verbosity"
REQUEST_SCHEMA: Final = "tracer.request.schema"
"""Name of the JSON schema that the answer has to follow; text."""

REQUEST_STORE: Final = "tracer.request.store"
"""Whether the server was asked to store the answer; bool, if the caller said."""

REQUEST_BACKGROUND: Final = "tracer.request.background"
"""True where the answer is made in the background and fetched later; bool."""

REQUEST_PROMPT_CACHE_KEY: Final = "tracer.request.prompt_cache_key"
REQUEST_VOICE: Final = "tracer.request.voice"
REQUEST_LANGUAGE: Final = "tracer.request.language"
"""Language of the speech that is written down, as it was given; text."""

REQUEST_ENCODING_FORMATS: Final = "gen_ai.request.encoding_formats"
EMBEDDINGS_DIMENSION_COUNT: Final = "gen_ai.embeddings.dimension.count"
OUTPUT_TYPE: Final = "gen_ai.output.type"
"""What was asked for: ``text``, ``json``, ``image`` or ``speech``."""

RESPONSE_MODEL: Final = "gen_ai.response.model"
RESPONSE_ID: Final = "gen_ai.response.id"
RESPONSE_FINISH_REASONS: Final = "gen_ai.response.finish_reasons"
"""One reason for each choice; ``error`` where none arrived."""

RESPONSE_STATUS: Final = "gen_ai.response.status"
"""State of a response that was fetched, or is still being made (``queued`` …)."""

RESPONSE_STOP_REASONS: Final = "tracer.response.stop_reasons"
"""vLLM's stop token or stop text of each choice, empty where it names none; texts."""

RESPONSE_REQUEST_ID: Final = "tracer.response.request_id"
"""Id of the call in the logs of the API (header ``x-request-id``); text."""

RESPONSE_OUTPUT_TOKENS_PER_SECOND: Final = "tracer.response.output_tokens_per_second"
"""Speed of a stream from its first chunk to its last; double, tokens a second."""

REQUEST_RESEND_COUNT: Final = "http.request.resend_count"
"""How often the client sent the request again; int, only if it did."""

CONVERSATION_COMPACTED: Final = "gen_ai.conversation.compacted"
"""True where the call made a conversation shorter; bool."""

RESPONSE_TIME_TO_FIRST_CHUNK: Final = "gen_ai.response.time_to_first_chunk"
"""Seconds from the request to the first streamed chunk; double."""

USAGE_INPUT_TOKENS: Final = "gen_ai.usage.input_tokens"
"""Prompt tokens, cached ones included; int."""

USAGE_OUTPUT_TOKENS: Final = "gen_ai.usage.output_tokens"
"""Generated tokens, reasoning included; int."""

USAGE_CACHE_READ_INPUT_TOKENS: Final = "gen_ai.usage.cache_read.input_tokens"
USAGE_CACHE_WRITE_INPUT_TOKENS: Final = "gen_ai.usage.cache_write.input_tokens"
USAGE_REASONING_OUTPUT_TOKENS: Final = "gen_ai.usage.reasoning.output_tokens"
USAGE_TEXT_INPUT_TOKENS: Final = "gen_ai.usage.text.input_tokens"
USAGE_IMAGE_INPUT_TOKENS: Final = "gen_ai.usage.image.input_tokens"
USAGE_AUDIO_INPUT_TOKENS: Final = "gen_ai.usage.audio.input_tokens"
USAGE_TEXT_OUTPUT_TOKENS: Final = "gen_ai.usage.text.output_tokens"
USAGE_IMAGE_OUTPUT_TOKENS: Final = "gen_ai.usage.image.output_tokens"
USAGE_AUDIO_OUTPUT_TOKENS: Final = "gen_ai.usage.audio.output_tokens"
USAGE_ACCEPTED_PREDICTION_TOKENS: Final = "tracer.usage.accepted_prediction_tokens"
"""Tokens of a predicted output that the model took over; int, part of the output."""

USAGE_REJECTED_PREDICTION_TOKENS: Final = "tracer.usage.rejected_prediction_tokens"
"""Tokens of a predicted output that it did not take, billed too; int."""

USAGE_COST: Final = "gen_ai.usage.cost"
"""Cost as another system reckoned it, of what was imported; double, USD."""

USAGE_INPUT_SECONDS: Final = "tracer.usage.input_seconds"
"""Length of the sound that a call is billed by instead of tokens; double, s."""


OPENAI_API_TYPE: Final = "openai.api.type"
OPENAI_REQUEST_SERVICE_TIER: Final = "openai.request.service_tier"
OPENAI_RESPONSE_SERVICE_TIER: Final = "openai.response.service_tier"
OPENAI_RESPONSE_SYSTEM_FINGERPRINT: Final = "openai.response.system_fingerprint"

SERVER_ADDRESS: Final = "server.address"
SERVER_PORT: Final = "server.port"
ERROR_TYPE: Final = "error.type"
"""Qualified exception name (``openai.RateLimitError``; builtins bare) or ``_OTHER``."""

EVENT_EXCEPTION: Final = "exception"
"""Span event for an exception that left, or was recorded within, the span."""

EXCEPTION_TYPE: Final = "exception.type"
EXCEPTION_MESSAGE: Final = "exception.message"
EXCEPTION_STACKTRACE: Final = "exception.stacktrace"

TOOL_NAME: Final = "gen_ai.tool.name"
TOOL_CALL_ID: Final = "gen_ai.tool.call.id"
TOOL_TYPE: Final = "gen_ai.tool.type"
AGENT_NAME: Final = "gen_ai.agent.name"
PROMPT_NAME: Final = "gen_ai.prompt.name"
PROMPT_VERSION: Final = "gen_ai.prompt.version"

# --- Who, where, which --------------------------------------------------------------

USER_ID: Final = "user.id"
SESSION_ID: Final = "session.id"
CONVERSATION_ID: Final = "gen_ai.conversation.id"
"""Only ever what the caller gave; never made up."""

TAGS: Final = "tracer.tags"
"""Labels of a span; array of text."""

METADATA_PREFIX: Final = "tracer.metadata."
"""One attribute a key: scalars in their own type, everything else as JSON text."""

ENVIRONMENT: Final = "deployment.environment.name"
RELEASE: Final = "service.version"
SERVICE_NAME: Final = "service.name"
PROJECT: Final = "tracer.project"
"""Resource attribute: the project that the sender asks for."""

# --- Evaluation ---------------------------------------------------------------------

EVALUATION_ID: Final = "tracer.evaluation.id"
EXAMPLE_ID: Final = "tracer.example.id"
TRIAL: Final = "tracer.trial"
"""Which repetition of the example this is; int, counted from 0."""

EVENT_SCORE: Final = "gen_ai.evaluation.result"
SCORE_NAME: Final = "gen_ai.evaluation.name"
SCORE_VALUE: Final = "gen_ai.evaluation.score.value"
"""Double; a bool travels as 0.0 or 1.0 with `SCORE_TYPE` ``bool``."""

SCORE_LABEL: Final = "gen_ai.evaluation.score.label"
SCORE_EXPLANATION: Final = "gen_ai.evaluation.explanation"
SCORE_SOURCE: Final = "tracer.score.source"
SCORE_SOURCES: Final = ("code", "model", "human", "user")
PEOPLE: Final = ("human", "user")
"""Those that are people: they say what they make of a score, they make no trial."""

SCORE_AUTHOR: Final = "tracer.score.author"
"""Who scored: scorer and version, judge model, or person; text."""

SCORE_REPEAT: Final = "tracer.score.repeat"
"""Which repetition by the same author this is; int, counted from 0."""

SCORE_TYPE: Final = "tracer.score.type"
SCORE_TYPES: Final = ("bool", "number", "label")
SCORE_SCALE: Final = "tracer.score.scale"
"""The least and the most that a number can be; array of two doubles."""

SCORE_DELETED: Final = "tracer.score.deleted"
"""True takes the score back; the record stays as a version."""

EVENT_EVALUATION_STARTED: Final = "tracer.evaluation.started"
EVENT_EVALUATION_ALIVE: Final = "tracer.evaluation.alive"
EVENT_EVALUATION_FINISHED: Final = "tracer.evaluation.finished"
EVALUATION_NAME: Final = "tracer.evaluation.name"
EVALUATION_DISPLAY_NAME: Final = "tracer.evaluation.display_name"
EVALUATION_MODEL: Final = "tracer.evaluation.model"
EVALUATION_DATASET: Final = "tracer.evaluation.dataset"
EVALUATION_DATASET_VERSION: Final = "tracer.evaluation.dataset_version"
EVALUATION_SCORERS: Final = "tracer.evaluation.scorers"
"""Names of the scorers that are expected; array of text."""

EVALUATION_N_PLANNED: Final = "tracer.evaluation.n_planned"
"""Predictions that the run means to make (examples x trials), if known; int."""

EVALUATION_STATUS: Final = "tracer.evaluation.status"
EVALUATION_STATUSES: Final = ("done", "failed", "incomplete")
"""How a run ended; ``incomplete``: its process ended before it did."""

EVALUATION_ERROR: Final = "tracer.evaluation.error"

EVENT_EVALUATION_VIEW: Final = "tracer.evaluation.view"
"""A named text that shows the run in its own way: a report, a confusion table."""

VIEW_NAME: Final = "tracer.evaluation.view.name"
"""Name of a view within its run; the same name again replaces it; text."""

VIEW_MEDIA_TYPE: Final = "tracer.evaluation.view.media_type"
"""What a view's content is: ``text/markdown``, ``text/html`` …; text."""

VIEW_METADATA: Final = "tracer.evaluation.view.metadata"
"""Facts about a view; JSON text of an object."""

VIEW_CONTENT: Final = "tracer.evaluation.view.content"
"""The view itself; text."""

LINK: Final = "tracer.link"
"""On a span link: what the linked call is to this span; `ATTACHED`."""

ATTACHED: Final = "attached"
"""Value of `LINK`: a call made before, whose tokens, cost and latency count for this
prediction. A link without a span id means the whole trace."""

KEPT_BY: Final = "tracer.kept_by"
"""Why a trace is here that sampling had left out; text, on its first span."""

KEPT_REASONS: Final = ("error", "slow")
"""Values of `KEPT_BY`: a span in it failed, or it took too long."""

# --- The ledger ---------------------------------------------------------------------

SERVICE_INSTANCE_ID: Final = "service.instance.id"
"""Resource attribute: new for every process, also after a fork."""

BATCH: Final = "tracer.batch"
"""Resource attribute: this instance's number of the request, from 1; int."""

SENT_BEFORE: Final = "tracer.sent_before"
"""Resource attribute: items that this instance sent in earlier requests; int."""

MAX_SCORE: Final = 1e150
"""Greatest size of a score's value: sums of squares of many stay finite."""
