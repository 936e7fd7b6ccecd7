"""The actor that links our products with those that a shop has."""

import dramatiq

from tasks.actors import _job_killed, _open


@dramatiq.actor(queue_name="integrations", time_limit=5 * 60_000, killed=_job_killed)
def link_products(progress_id: int) -> None:
    """Open a job that `sync.kinds.link.open_link` made: its items, then its lanes."""
    _open(progress_id)
