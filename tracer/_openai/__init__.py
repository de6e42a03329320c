"""The OpenAI room: a client's calls become spans; the client stays what it is."""

from tracer._openai.patching import wrap_openai

__all__ = ["wrap_openai"]
