"""What there is to know of a client: which flavour of the API it speaks, and where."""

from typing import Any, Final

from opentelemetry.util.types import AttributeValue

from tracer import semconv

_PROVIDERS: Final = {
    "BaseAzureClient": "azure.ai.openai",
    "BedrockOpenAI": "aws.bedrock",
    "AsyncBedrockOpenAI": "aws.bedrock",
}
_PORTS: Final = {"https": 443, "http": 80}
_KEPT_AT_ONCE: Final = 256

_kept: dict[int, tuple[Any, type[Any], dict[str, AttributeValue]]] = {}
"""What was found, by the identity of an address, which stays unique as it is held."""


def server_attributes(client: Any) -> dict[str, AttributeValue]:
    """Return provider, host and port; not to be changed, as others get the same."""
    url = vars(client).get("_base_url")
    kept = _kept.get(id(url))
    if kept is not None and kept[0] is url and kept[1] is type(client):
        return kept[2]
    attributes = _worked_out(client)
    if url is None:
        return attributes
    if len(_kept) >= _KEPT_AT_ONCE:
        _kept.clear()
    _kept[id(url)] = (url, type(client), attributes)
    return attributes


def _worked_out(client: Any) -> dict[str, AttributeValue]:
    """Look at a client for the first time."""
    provider = "openai"
    for base in type(client).__mro__:
        provider = _PROVIDERS.get(base.__name__, provider)
    url = client.base_url
    attributes: dict[str, AttributeValue] = {
        semconv.PROVIDER_NAME: provider,
        semconv.SERVER_ADDRESS: url.host,
    }
    if port := url.port or _PORTS.get(url.scheme):
        attributes[semconv.SERVER_PORT] = port
    return attributes
