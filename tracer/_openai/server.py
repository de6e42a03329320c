"""What there is to know of a client: which flavour of the API it speaks, and where."""

from typing import Any, Final

from opentelemetry.util.types import AttributeValue

from tracer import semconv
from tracer._openai.retries import count_retries

_PROVIDERS: Final = {
    "BaseAzureClient": "azure.ai.openai",
    "BedrockOpenAI": "aws.bedrock",
    "AsyncBedrockOpenAI": "aws.bedrock",
}
_PORTS: Final = {"https": 443, "http": 80}
_KEPT: Final = "_tracer_server"


def server_attributes(client: Any) -> dict[str, AttributeValue]:
    """Return provider, host and port; a client is looked at once for each address."""
    own = vars(client)
    url = own.get("_base_url")
    kept = own.get(_KEPT)
    if kept is not None and url is not None and kept[0] is url:
        return kept[1]  # type: ignore[no-any-return]
    attributes = _worked_out(client)
    own[_KEPT] = (url, attributes)
    return attributes


def _worked_out(client: Any) -> dict[str, AttributeValue]:
    """Look at a client for the first time."""
    count_retries(type(client))
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
