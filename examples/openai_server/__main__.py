"""Answer like the OpenAI API on this machine: no key, no cost, no network.

``python -m examples.openai_server --port 9000``
"""

import argparse

from examples.openai_server.running import serve

SAID = __doc__.splitlines()[0]
parser = argparse.ArgumentParser(prog="openai_server", description=SAID)
parser.add_argument("--host", default="127.0.0.1", help="where to listen")
parser.add_argument("--port", type=int, default=9000, help="0 = a free one")
parser.add_argument("--seed", type=int, default=0, help="other seed, other answers")
parser.add_argument(
    "--failure-rate", type=float, default=0.0, help="share of prompts that fail"
)

if __name__ == "__main__":
    options = parser.parse_args()
    serve(
        host=options.host,
        port=options.port,
        seed=options.seed,
        failure_rate=options.failure_rate,
    )
