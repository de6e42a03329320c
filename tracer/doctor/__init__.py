"""`tracer doctor`: what stands between this machine and a working installation."""

from tracer.doctor.command import doctor

__all__ = ["doctor"]
