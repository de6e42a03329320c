"""A small OpenAI-compatible server: deterministic, on this machine, no key needed."""

from examples.openai_server.app import create_app
from examples.openai_server.running import running

__all__ = ["create_app", "running"]
