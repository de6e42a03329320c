"""Everything, beside the peers: each installed into an environment of its own."""

import os
import sys

from benchmarks import calls, footprint, openai
from benchmarks.contestants import CONTESTANTS, DEFAULT_PEERS, PEERS
from benchmarks.environments import Environment, NotInstalledError, ready

OURS_AND_YARDSTICKS = ("nothing", "sdk", "sdk-json", "tracer")


def wanted() -> list[str]:
    """Return the peers that the variable PEERS names, `all` of them, or the default."""
    named = os.environ.get("PEERS", "").split()
    if named == ["all"]:
        return PEERS
    if unknown := sorted(set(named) - set(PEERS)):
        known = ", ".join(PEERS)
        raise SystemExit(f"no peer {unknown[0]!r}; PEERS takes: all, or any of {known}")
    return named or DEFAULT_PEERS


def run() -> None:
    """Install what is not there yet, then measure all in turn."""
    environments: dict[str, Environment] = {}
    troubles: list[str] = []
    for name in (*OURS_AND_YARDSTICKS, *wanted()):
        place = CONTESTANTS[name].environment
        try:
            found = environments.get(place) or ready(place)
        except NotInstalledError as error:
            troubles.append(str(error))
        else:
            environments[place] = found
    lineup = {
        name: environments[CONTESTANTS[name].environment].python
        for name in (*OURS_AND_YARDSTICKS, *wanted())
        if CONTESTANTS[name].environment in environments
    }
    _show_versions(environments)
    for trouble in troubles:
        print(f"- {trouble}")
    print("\n#### Decorated calls\n", flush=True)
    calls.run(lineup)
    print("\n#### The OpenAI client\n", flush=True)
    openai.run({name: each for name, each in lineup.items() if name != "sdk-json"})
    print("\n#### Import and size\n", flush=True)
    footprint.run(lineup, environments)


def _show_versions(environments: dict[str, Environment]) -> None:
    print("Versions:\n")
    for name, environment in environments.items():
        shown = {
            each.distribution
            for each in CONTESTANTS.values()
            if each.environment == name and each.distribution
        } | {"opentelemetry-sdk", "openai"}
        shown |= {
            v for v in environment.versions if "instrumentation" in v and "openai" in v
        }
        told = [
            f"{each} {environment.versions[each]}"
            for each in sorted(shown)
            if each in environment.versions
        ]
        print(f"- {name}: {', '.join(told)}")
    sys.stdout.flush()
