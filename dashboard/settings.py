"""How one dashboard process is started: where it listens, which collector it reads."""

from dataclasses import dataclass, field

from dashboard.login_file import SingleSignOn
from tracer.errors import ConfigurationError

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class DashboardSettings:
    """Everything `dashboard.server.run` needs to know."""

    collector_url: str = "http://127.0.0.1:4318"
    """Base address of the collector's HTTP API."""
    host: str = "127.0.0.1"
    """Address to listen on; anywhere but on loopback people have to sign in."""
    port: int = 8501
    """TCP port; 0 takes a free one."""
    api_key: str | None = field(default=None, repr=False)
    """The dashboard's own key: asked with where nobody signs in with theirs."""
    lifeline: bool = False
    """Leave when standard input closes: the parent process has gone."""
    single_sign_on: SingleSignOn | None = None
    """How people sign in if not with keys; then on loopback too."""
    judge_base_url: str | None = None
    """Endpoint that judges of a worker with this environment ask."""

    def __post_init__(self) -> None:
        """Refuse to serve a network without a key."""
        if not self.is_loopback and not self.api_key:
            raise ConfigurationError(
                f"host {self.host!r} is reachable from other machines and there is no "
                "key; set TRACER_API_KEY, or listen on 127.0.0.1"
            )

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the dashboard."""
        return self.host in LOOPBACK_HOSTS

    @property
    def login_kind(self) -> str:
        """How people sign in: ``none``, ``key`` or ``oidc``."""
        if self.single_sign_on is not None:
            return "oidc"
        return "none" if self.is_loopback else "key"
