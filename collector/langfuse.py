"""What Langfuse's clients ask for beside OTLP, so that their address is all to change.

``auth_check()`` wants to see a project; everything that Langfuse's own service does
beyond that (prompts, datasets, scores by REST) is not here, and says so.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route

from collector.access.rights import Access
from tracer._build import version


async def projects(request: Request) -> JSONResponse:
    """Answer the one project that a Langfuse key always has."""
    access: Access = request.state.access
    name = access.project or "default"
    organization = {"id": "tracer", "name": "tracer"}
    project = {"id": name, "name": name, "organization": organization, "metadata": {}}
    return JSONResponse({"data": [project]})


async def health(_: Request) -> JSONResponse:
    """Answer that the service lives."""
    return JSONResponse({"status": "OK", "version": version()})


ROUTES: list[BaseRoute] = [
    Route("/api/public/projects", projects),
    Route("/api/public/health", health),
]
