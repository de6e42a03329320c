"""One evaluation run, for `tracer gate` to compare with another.

    tracer up                                       # in one terminal
    cd examples/faq
    python evaluate.py --name base                  # needs OPENAI_API_KEY (*)
    …change PROMPT in app.py…
    python evaluate.py --name candidate
    tracer gate base candidate --project faq --require 'mentions >= -0.15'

(*) Without a key: `python -m examples.openai_server --port 9000` in the clone, then
OPENAI_BASE_URL=http://127.0.0.1:9000/v1 and OPENAI_API_KEY=none.

Each question is asked three times, because a model answers differently each time. The
gate passes only what the numbers show, and 20 questions show no small differences:
`result.summary["mentions"].plan(0.05)` says how many would show five points.
`evaluation.yml` does all this on each pull request.
"""

import argparse
import os

from app import ROWS, answer, mentions

import tracer

parser = argparse.ArgumentParser(prog="evaluate", description="Evaluate the app once.")
parser.add_argument("--name", required=True, help="what the gate calls this run")
options = parser.parse_args()

tracer.configure(project=os.environ.get("TRACER_PROJECT", "faq"))
result = tracer.Evaluation(ROWS, [mentions], trials=3, name=options.name).run(answer)
print(result)
