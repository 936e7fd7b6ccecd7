"""Dramatiq: the broker, its middleware and the actors. Each actor is ten lines over the domain."""

from settings import Settings


def configure(settings: Settings) -> None:
    """Set this process's broker and services. To be called once, before any actor is imported."""
    from tasks import broker, context

    context.configure(settings)
    broker.configure(settings)
