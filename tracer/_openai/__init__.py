"""The OpenAI room: a client's calls become spans; the client stays what it is."""

from tracer._openai.patching import unwrap_openai, wrap_openai
from tracer._openai.process import instrument_openai, uninstrument_openai

__all__ = ["instrument_openai", "uninstrument_openai", "unwrap_openai", "wrap_openai"]
