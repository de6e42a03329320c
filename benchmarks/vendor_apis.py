"""Just enough of the vendors' APIs that their clients log in and send."""

import json


def answer(path: str, host: str) -> tuple[str, str]:
    """Return type and body of the answer to a request; empty JSON if unknown."""
    if path.endswith(("/v1/traces", "/v1/metrics", "/v1/logs")):
        return "application/x-protobuf", ""
    for end, body in _ANSWERS.items():
        if path.endswith(end):
            return "application/json", json.dumps(body).replace("HOST", host)
    return "application/json", "{}"


_ORGANISATION = {
    "id": "o",
    "name": "o",
    "api_url": "http://HOST",
    "proxy_url": "http://HOST",
    "git_metadata": None,
    "is_universal_api": True,
}
_DIGEST = {"digest": "abcdefghijklmnopqrstuvwxyz0123456789abcdefg", "object_id": "f"}
_OLDEST = {
    "min_required_weave_python_version": "0.0.1",
    "trace_server_version": "0.0.1",
}
_ANSWERS: dict[str, object] = {
    # Braintrust
    "/version": {"version": "1", "logs3_payload_max_bytes": 6_291_456},
    "/apikey/login": {"org_info": [_ORGANISATION]},
    "/project/register": {"project": {"id": "p", "name": "p", "org_id": "o"}},
    "/v1/project": {"id": "p", "name": "p", "org_id": "o"},
    # Weave
    "/server_info": _OLDEST,
    "/obj/create": _DIGEST,
    "/file/create": _DIGEST,
    "/files/create": _DIGEST,
    "/table/create": _DIGEST,
    "/call/upsert_batch": {"res": []},
}
