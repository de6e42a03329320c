"""The peers: each as its own documentation sets it up."""

from typing import Any

from benchmarks.contestants.base import Contestant, Function


class Traceloop(Contestant):
    title, environment = "traceloop @task", "traceloop"
    distribution = "traceloop-sdk"
    imports = (
        "from traceloop.sdk import Traceloop; from traceloop.sdk.decorators import task"
    )

    def variables(self, url: str) -> dict[str, str]:
        return {"TRACELOOP_TELEMETRY": "false", "TRACELOOP_METRICS_ENABLED": "false"}

    def set_up(self, url: str) -> None:
        from traceloop.sdk import Traceloop as Sdk
        from traceloop.sdk.instruments import Instruments

        Sdk.init(
            app_name="bench",
            api_endpoint=url,
            api_key="k",
            telemetry_enabled=False,
            instruments={Instruments.OPENAI},
        )

    def decorate(self, function: Function) -> Function:
        from traceloop.sdk.decorators import task

        decorated: Function = task(name="answer")(function)
        return decorated

    def flush(self) -> object:
        from opentelemetry import trace

        return trace.get_tracer_provider().force_flush()  # type: ignore[attr-defined]


class Phoenix(Contestant):
    title, environment = "phoenix @tracer.chain", "phoenix"
    distribution = "arize-phoenix-otel"
    imports = "from phoenix.otel import register"

    def set_up(self, url: str) -> None:
        from phoenix.otel import register

        self.provider = register(
            endpoint=f"{url}/v1/traces",
            protocol="http/protobuf",
            batch=True,
            verbose=False,
        )
        self.tracer = self.provider.get_tracer("bench")

    def decorate(self, function: Function) -> Function:
        decorated: Function = self.tracer.chain(function)
        return decorated

    def wrap(self, make: Function) -> Any:
        from openinference.instrumentation.openai import OpenAIInstrumentor

        OpenAIInstrumentor().instrument(tracer_provider=self.provider)
        return make()

    def flush(self) -> object:
        return self.provider.force_flush()


class Langfuse(Contestant):
    title, environment, distribution = "langfuse @observe", "langfuse", "langfuse"
    imports = "from langfuse import observe"

    def variables(self, url: str) -> dict[str, str]:
        keys = {"LANGFUSE_PUBLIC_KEY": "pk", "LANGFUSE_SECRET_KEY": "sk"}
        return keys | {"LANGFUSE_HOST": url, "LANGFUSE_BASE_URL": url}

    def set_up(self, url: str) -> None:
        import langfuse

        self.client = langfuse.get_client()

    def decorate(self, function: Function) -> Function:
        from langfuse import observe

        decorated: Function = observe()(function)
        return decorated

    def wrap(self, make: Function) -> Any:
        import langfuse.openai  # noqa: F401  (patches the client's classes)

        return make()

    def flush(self) -> None:
        self.client.flush()


class Braintrust(Contestant):
    title, environment, distribution = "braintrust @traced", "braintrust", "braintrust"
    imports = "import braintrust"

    def variables(self, url: str) -> dict[str, str]:
        told = {"BRAINTRUST_API_KEY": "k", "BRAINTRUST_ORG_NAME": "o"}
        return told | {"BRAINTRUST_APP_URL": url, "BRAINTRUST_API_URL": url}

    def set_up(self, url: str) -> None:
        import braintrust

        braintrust.init_logger(project="p", project_id="p")

    def decorate(self, function: Function) -> Function:
        import braintrust

        decorated: Function = braintrust.traced(function)
        return decorated

    def wrap(self, make: Function) -> Any:
        import braintrust

        return braintrust.wrap_openai(make())

    def flush(self) -> object:
        import braintrust

        return braintrust.flush()


class Logfire(Contestant):
    title, environment, distribution = "logfire @instrument", "logfire", "logfire"
    imports = "import logfire"

    def set_up(self, url: str) -> None:
        import logfire

        logfire.configure(
            token="pylf_v1_us_x",
            send_to_logfire=True,
            console=False,
            metrics=False,
            advanced=logfire.AdvancedOptions(base_url=url),
        )

    def decorate(self, function: Function) -> Function:
        import logfire

        decorated: Function = logfire.instrument(record_return=True)(function)
        return decorated

    def wrap(self, make: Function) -> Any:
        import logfire

        client = make()
        logfire.instrument_openai(client)
        return client

    def flush(self) -> object:
        import logfire

        return logfire.force_flush()


class Weave(Contestant):
    """Offline: its client is built as `weave.init` does, less the account look-up."""

    title, environment, distribution = "weave @op", "weave", "weave"
    imports = "import weave"

    def variables(self, url: str) -> dict[str, str]:
        return {
            "WF_TRACE_SERVER_URL": url,
            "WANDB_API_KEY": "k" * 40,
            "WANDB_BASE_URL": url,
            "WANDB_ERROR_REPORTING": "false",
            "WEAVE_PRINT_CALL_LINK": "false",
        }

    def set_up(self, url: str) -> None:
        from weave.trace import weave_client
        from weave.trace.context import weave_client_context
        from weave.trace.weave_init import init_weave_get_server
        from weave.trace_server_bindings import caching_middleware_trace_server
        from weave.wandb_interface.auth import ApiKeyCredentials

        server = init_weave_get_server(ApiKeyCredentials("k" * 40))
        caching = caching_middleware_trace_server.CachingMiddlewareTraceServer
        self.client = weave_client.WeaveClient(
            "e", "p", caching.from_env(server), False
        )
        weave_client_context.set_weave_client_global(self.client)

    def decorate(self, function: Function) -> Function:
        import weave

        decorated: Function = weave.op(function)
        return decorated

    def wrap(self, make: Function) -> Any:
        from weave.integrations.openai.openai_sdk import get_openai_patcher

        get_openai_patcher().attempt_patch()
        return make()

    spans_a_row, spans_a_bare_row = 5, 2

    def evaluation_logger(self, *, trace_scores: bool) -> Any:
        import weave

        return weave.EvaluationLogger(
            name="bench", model="none", trace_scores=trace_scores
        )

    def flush(self) -> object:
        return self.client.flush()
