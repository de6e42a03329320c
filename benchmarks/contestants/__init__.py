"""What is measured: `tracer`, OpenTelemetry's SDK as the yardstick, the peers."""

from benchmarks.contestants import vendors
from benchmarks.contestants.base import Contestant, Nothing, Tracer
from benchmarks.contestants.otel import Sdk, SdkJson

__all__ = ["CONTESTANTS", "DEFAULT_PEERS", "PEERS", "Contestant"]

CONTESTANTS: dict[str, type[Contestant]] = {
    "nothing": Nothing,
    "sdk": Sdk,
    "sdk-json": SdkJson,
    "tracer": Tracer,
    "traceloop": vendors.Traceloop,
    "phoenix": vendors.Phoenix,
    "langfuse": vendors.Langfuse,
    "braintrust": vendors.Braintrust,
    "logfire": vendors.Logfire,
    "weave": vendors.Weave,
}
"""By the names that `PEERS` takes."""

PEERS = [name for name, each in CONTESTANTS.items() if each.is_peer]
DEFAULT_PEERS = ["traceloop", "phoenix", "langfuse", "braintrust"]
"""Those that are nearest to us in one figure or another."""
