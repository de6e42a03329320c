"""Calls that Weave's client sends, as its API lists them: starts and ends joined.

There is no Weave server to be had, so a local one takes what the client sends; the
fields of a listed call are those of its start and its end.
"""

import asyncio
import gzip
import json
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

calls: dict[str, dict] = {}
paths: list[str] = []


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        if self.headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        paths.append(self.path)
        self.answer(reply(self.path, json.loads(body or b"{}")))

    def do_GET(self):
        self.answer({"min_required_weave_python_version": "0.1.0"})

    def answer(self, found):
        data = json.dumps(found).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


def keep(part: dict) -> None:
    call = calls.setdefault(part["id"], {})
    call.update({key: value for key, value in part.items() if value is not None})


def reply(path: str, body: dict):
    if path.endswith(("/upsert_batch", "/complete")):
        for one in body.get("batch", ()):
            inner = one.get("req", one)
            keep(inner.get("start") or inner.get("end") or inner)
        return {"res": []}
    if "start" in body or "end" in body:
        keep(body.get("start") or body.get("end"))
        return {"id": "x", "trace_id": "x"}
    if "graphql" in path:
        viewer = {"username": "kim", "defaultEntity": {"name": "team"}}
        project = {"name": "faq", "entity": {"name": "team"}}
        return {
            "data": {
                "viewer": viewer,
                "project": project,
                "upsertModel": {"model": project, "inserted": True},
                "serverInfo": {},
            }
        }
    if path.endswith("/obj/create"):
        return {"digest": "d" * 43, "object_id": body["obj"].get("object_id")}
    if path.endswith("/table/create"):
        rows = body["table"]["rows"]
        return {
            "digest": "t" * 64,
            "row_digests": [f"{i:043d}" for i, _ in enumerate(rows)],
        }
    if path.endswith("/file/create") or path.endswith("/files/create"):
        return {"digest": "f" * 43}
    return {"id": "x", "digest": "x" * 43, "data": []}


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}"
os.environ |= {
    "WF_TRACE_SERVER_URL": url,
    "WANDB_BASE_URL": url,
    "WANDB_API_KEY": "a" * 40,
    "WEAVE_PRINT_CALL_LINK": "false",
    "WANDB_ERROR_REPORTING": "false",
    "WEAVE_CAPTURE_CODE": "false",
}

import weave  # noqa: E402

client = weave.init("team/faq")


@weave.op
def answer(question: str) -> str:
    return "9시" if "시간" in question else "몰라요"


@weave.op
def exact(output: str, expected: str) -> dict:
    return {"correct": output == expected}


answer("영업시간은?")

with_logger = weave.EvaluationLogger(name="짧은 질문", model="gpt-4o", dataset="faq")
for question, expected in (("영업시간은?", "9시"), ("주소는?", "서울")):
    for _ in range(2):
        said = answer(question)
        one = with_logger.log_prediction({"question": question}, said)
        one.log_score("correct", said == expected)
        one.log_score("points", 0.5)
        one.finish()
with_logger.log_summary({"verdict": "fine"})

rows = [
    {"question": "영업시간은?", "expected": "9시"},
    {"question": "주소는?", "expected": "서울"},
]
evaluation = weave.Evaluation(name="faq-eval", dataset=rows, scorers=[exact])
asyncio.run(evaluation.evaluate(answer))
client.finish()

out = Path(sys.argv[1]) / "out"
out.mkdir()
lines = [json.dumps(call, ensure_ascii=False) + "\n" for call in calls.values()]
(out / "calls.jsonl").write_text("".join(lines), "utf-8")
print(sorted(set(paths)))
