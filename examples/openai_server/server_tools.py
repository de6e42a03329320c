"""Items of the Responses API's own tools, as they are answered."""

import base64
from typing import Any

from examples.openai_server.images import png

PICTURE = base64.b64encode(png("a chart") * 40).decode()
"""Some kilobytes, as a chart would be."""

ITEMS: list[dict[str, Any]] = [
    {
        "id": "ws_1",
        "type": "web_search_call",
        "status": "completed",
        "action": {"type": "search", "query": "refund policy"},
    },
    {
        "id": "fs_1",
        "type": "file_search_call",
        "status": "completed",
        "queries": ["refunds"],
        "results": [
            {
                "file_id": "file-1",
                "filename": "faq.md",
                "score": 0.9,
                "text": "14 days",
            }
        ],
    },
    {
        "id": "ci_1",
        "type": "code_interpreter_call",
        "status": "completed",
        "code": "print(6 * 7)",
        "container_id": "cntr_1",
        "outputs": [
            {"type": "logs", "logs": "42\n"},
            {"type": "image", "url": f"data:image/png;base64,{PICTURE}"},
        ],
    },
    {
        "id": "mcp_1",
        "type": "mcp_call",
        "server_label": "orders",
        "name": "order_status",
        "arguments": '{"order_id": "A-1234"}',
        "output": '{"status": "shipped"}',
    },
    {
        "id": "ig_1",
        "type": "image_generation_call",
        "status": "completed",
        "output_format": "png",
        "revised_prompt": "A blue chart",
        "result": PICTURE,
    },
    {
        "id": "cu_1",
        "type": "computer_call",
        "call_id": "call_c",
        "status": "completed",
        "pending_safety_checks": [],
        "action": {"type": "click", "button": "left", "x": 3, "y": 4},
    },
    {
        "id": "sh_1",
        "type": "shell_call",
        "call_id": "call_s",
        "status": "completed",
        "action": {"commands": ["ls -l"]},
    },
]
"""One item of each kind that people want to see the inside of."""
