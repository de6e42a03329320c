"""How one dashboard process is started: where it listens, which collector it reads."""

from dataclasses import dataclass

from tracer.errors import ConfigurationError

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class DashboardSettings:
    """Everything `dashboard.server.run` needs to know."""

    collector_url: str = "http://127.0.0.1:4318"
    """Base address of the collector's HTTP API."""
    host: str = "127.0.0.1"
    """Address to listen on; anything but loopback asks for `api_key`."""
    port: int = 8501
    """TCP port; 0 takes a free one."""
    api_key: str | None = None
    """Key sent to the collector, and the one people sign in with."""
    lifeline: bool = False
    """Leave when standard input closes: the parent process has gone."""

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
    def needs_login(self) -> bool:
        """Whether people have to sign in with the key."""
        return not self.is_loopback
