"""Any OTLP backend: its headers, addresses, certificates, and one without logs."""

import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from otlp_sink import OtlpSink, Received, Reply

from tracer._config import Settings, merged
from tracer._delivery import Delivery, LogRecord, Pace
from tracer._environment import from_environment
from tracer.errors import ConfigurationError

MakeSpan = Callable[..., ReadableSpan]
MakeDelivery = Callable[..., Delivery]

SCORE = LogRecord(event_name="score", time_ns=1, attributes={})
PATIENT = Pace(backoff_first_s=60, look_s=60)


def no_logs(received: Received) -> Reply:
    return Reply(404 if received.path.endswith("/logs") else 200)


def offer_both(delivery: Delivery, make_span: MakeSpan) -> None:
    delivery.offer_log(SCORE)
    delivery.flush(10)
    delivery.offer_span(make_span("answer"), {})


def settings_of(monkeypatch: pytest.MonkeyPatch, **variables: str) -> dict[str, object]:
    """Return the settings that standard variables make, as `Settings` takes them."""
    for name, text in variables.items():
        monkeypatch.setenv(f"OTEL_EXPORTER_OTLP_{name}", text)
    made = from_environment()
    return {name: getattr(made, name) for name in made.__dataclass_fields__}


def test_headers_of_the_standard_variables_go_with_every_request(
    monkeypatch: pytest.MonkeyPatch,
    sink: OtlpSink,
    make_delivery: MakeDelivery,
    make_span: MakeSpan,
) -> None:
    settings = settings_of(
        monkeypatch,
        ENDPOINT=sink.url,
        HEADERS="x-key=a%20b, x-team = search",
        TRACES_HEADERS="x-key=of traces",
    )
    delivery = make_delivery(**settings)
    offer_both(delivery, make_span)
    assert delivery.flush(10).sent == 2
    logs, traces = sink.received
    assert (logs.headers["X-Key"], logs.headers["X-Team"]) == ("a b", "search")
    assert (traces.headers["X-Key"], traces.headers["X-Team"]) == (
        "of traces",
        "search",
    )


def test_the_address_of_a_signal_is_used_as_it_is(
    monkeypatch: pytest.MonkeyPatch,
    sink: OtlpSink,
    make_delivery: MakeDelivery,
    make_span: MakeSpan,
) -> None:
    settings = settings_of(
        monkeypatch,
        ENDPOINT=f"{sink.url}/base/",
        TRACES_ENDPOINT=f"{sink.url}/api/public/otel",
    )
    delivery = make_delivery(**settings)
    offer_both(delivery, make_span)
    assert delivery.flush(10).sent == 2
    paths = [received.path for received in sink.received]
    assert paths == ["/base/v1/logs", "/api/public/otel"]


def test_without_compression_the_plain_request_travels(
    monkeypatch: pytest.MonkeyPatch,
    sink: OtlpSink,
    make_delivery: MakeDelivery,
    make_span: MakeSpan,
) -> None:
    settings = settings_of(monkeypatch, ENDPOINT=sink.url, COMPRESSION="none")
    delivery = make_delivery(**settings)
    delivery.offer_span(make_span("answer"), {})
    assert delivery.flush(10).sent == 1
    (received,) = sink.received
    assert "Content-Encoding" not in received.headers
    assert b"answer" in received.body


@pytest.mark.parametrize(("text", "seconds"), [("3", 3.0), ("2500", 2.5), ("0.5", 0.5)])
def test_a_timeout_is_in_seconds_unless_it_can_only_be_milliseconds(
    monkeypatch: pytest.MonkeyPatch, text: str, seconds: float
) -> None:
    assert settings_of(monkeypatch, TIMEOUT=text)["timeout_s"] == seconds


def test_a_receiver_is_known_by_the_certificate_that_is_named(
    monkeypatch: pytest.MonkeyPatch,
    make_delivery: MakeDelivery,
    make_span: MakeSpan,
    tmp_path: Path,
) -> None:
    sink = tls_sink(tmp_path)
    url = sink.url.replace("http://127.0.0.1", "https://localhost")
    stranger = make_delivery(endpoint=url, pace=PATIENT)
    stranger.offer_span(make_span("refused"), {})
    report = stranger.flush(10)
    assert (report.sent, report.spooled) == (0, 1)
    assert "certificate verify failed" in report.errors[0]
    names = ("CERTIFICATE", "CLIENT_CERTIFICATE", "CLIENT_KEY")
    files = {name: str(tmp_path / "both.pem") for name in names}
    delivery = make_delivery(**settings_of(monkeypatch, ENDPOINT=url, **files))
    delivery.offer_span(make_span("sent"), {})
    assert delivery.flush(10).sent == 1
    sink.stop()


def tls_sink(folder: Path) -> OtlpSink:
    """Start a sink that shows a certificate of its own and wants the same one back."""
    both = folder / "both.pem"
    ask = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    ask += ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    ask += ["-keyout", str(both), "-out", str(folder / "cert.pem")]
    try:
        subprocess.run(ask, check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl is missing: it makes the certificate")
    both.write_text((folder / "cert.pem").read_text() + both.read_text())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    context.load_verify_locations(both)
    context.verify_mode = ssl.CERT_REQUIRED
    sink = OtlpSink(tls=context)
    sink.start()
    return sink


def test_a_key_never_follows_to_another_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "https://vendor.example")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "x-key=hush")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "https://vendor.example/l")
    assert from_environment().headers == {"x-key": "hush"}
    elsewhere = merged(from_environment(), {"endpoint": "http://127.0.0.1:4318"})
    assert (dict(elsewhere.headers), elsewhere.logs_endpoint) == ({}, None)
    monkeypatch.setenv("TRACER_ENDPOINT", "http://127.0.0.1:4318")
    ours = from_environment()
    assert (dict(ours.headers), ours.logs_endpoint) == ({}, None)


def test_headers_are_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "hush" not in repr(Settings(headers={"x-key": "hush"}))
    for value in ("hush\n", "hush안"):
        with pytest.raises(ConfigurationError, match="'x-key'") as refused:
            Settings(headers={"x-key": value})
        assert "hush" not in str(refused.value)
    monkeypatch.setenv("TRACER_HEADERS", "hush")
    with pytest.raises(ConfigurationError, match="write name=value") as unreadable:
        from_environment()
    assert "hush" not in str(unreadable.value)


def test_a_header_that_is_given_goes_before_the_key(
    sink: OtlpSink, make_delivery: MakeDelivery
) -> None:
    delivery = make_delivery(api_key="ours", headers={"authorization": "Basic theirs"})
    delivery.offer_log(SCORE)
    delivery.flush(10)
    assert sink.received[0].headers["Authorization"] == "Basic theirs"


def test_a_backend_without_logs_holds_no_spans_up(
    sink: OtlpSink, make_delivery: MakeDelivery, make_span: MakeSpan
) -> None:
    sink.reply = no_logs
    delivery = make_delivery(pace=PATIENT)
    offer_both(delivery, make_span)
    delivery.offer_span(make_span("more"), {})
    report = delivery.flush(10)
    assert (report.sent, report.spooled, report.dropped) == (2, 1, 0)
    assert report.errors == ("the collector takes no scores: HTTP 404",)
    sink.reply = lambda received: Reply()
    assert delivery.flush(10).sent == 3


def test_spans_that_waited_on_disk_are_not_held_up_by_scores_before_them(
    sink: OtlpSink, make_delivery: MakeDelivery, make_span: MakeSpan
) -> None:
    sink.stop()
    delivery = make_delivery(pace=PATIENT)
    offer_both(delivery, make_span)
    assert delivery.flush(10).spooled == 2
    sink.reply = no_logs
    sink.start()
    report = delivery.flush(10)
    assert (report.sent, report.spooled, report.dropped) == (1, 1, 0)


def test_without_a_disk_scores_that_nobody_takes_are_counted(
    sink: OtlpSink, make_delivery: MakeDelivery, make_span: MakeSpan
) -> None:
    sink.reply = no_logs
    delivery = make_delivery(spool_dir=None, pace=PATIENT)
    offer_both(delivery, make_span)
    report = delivery.flush(10)
    assert (report.sent, report.dropped, report.pending) == (1, 1, 0)
    assert "takes no scores" in report.errors[0]
