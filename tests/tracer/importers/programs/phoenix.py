"""An experiment with repetitions on a Phoenix server of its own, as its API answers."""

import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

folder = Path(sys.argv[1])
out = folder / "out"
out.mkdir()
PORT = "16006"
URL = f"http://127.0.0.1:{PORT}"
server = subprocess.Popen(
    [sys.executable, "-P", "-m", "phoenix.server.main", "serve"],
    env={
        **os.environ,
        "PHOENIX_WORKING_DIR": str(folder),
        "PHOENIX_PORT": PORT,
        "PHOENIX_GRPC_PORT": "16007",
        "PHOENIX_HOST": "127.0.0.1",
        "PHOENIX_TELEMETRY_ENABLED": "false",
    },
    stdout=subprocess.DEVNULL,
    stderr=subprocess.DEVNULL,
)


def get(path: str) -> bytes:
    with urllib.request.urlopen(f"{URL}{path}") as answer:
        return answer.read()


try:
    while True:
        try:
            get("/healthz")
            break
        except OSError:
            assert server.poll() is None, "the server ended"
            time.sleep(1)

    from phoenix.client import Client

    client = Client(base_url=URL)
    dataset = client.datasets.create_dataset(
        name="faq",
        inputs=[{"question": "영업시간은?"}, {"question": "주소는?"}],
        outputs=[{"answer": "9시"}, {"answer": "서울"}],
        metadata=[{"language": "ko"}, {"language": "ko"}],
    )

    def answer(input):
        if "주소" in input["question"]:
            raise LookupError("nothing found")
        return "9시"

    def exact(output, expected):
        return output == expected["answer"]

    def tone(output):
        return {"score": 0.5, "label": "polite", "explanation": "짧다"}

    made = client.experiments.run_experiment(
        dataset=dataset,
        task=answer,
        evaluators={"exact": exact, "tone": tone},
        experiment_name="short-prompt",
        experiment_metadata={"branch": "main"},
        repetitions=2,
        retries=0,
        print_summary=False,
    )
    id = made["experiment_id"]
    (out / "short-prompt.json").write_bytes(get(f"/v1/experiments/{id}/json"))
    (out / "experiment.json").write_bytes(get(f"/v1/experiments/{id}"))
    (out / "dataset.json").write_bytes(get(f"/v1/datasets/{dataset.id}"))
    (out / "examples.json").write_bytes(get(f"/v1/datasets/{dataset.id}/examples"))
finally:
    server.terminate()
    server.wait()
