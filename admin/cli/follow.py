"""Waits for jobs with a bar, and notices when nobody works on them."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click

from admin.cli import output
from admin.cli.frame import App, CliError
from models import ItemStatus, JobStatus
from models.jobs import ENDED
from sync import progress
from sync.errors import Missing
from sync.progress import JobView
from tasks import health

LOOK_SECONDS = 0.3
STILL_SECONDS = 20.0
"""Without a change for so long, it is asked whether a worker is there at all."""
START = "start one with: python manage.py run (or the worker line of the Procfile)"


def require_workers() -> None:
    """Raises CliError when the broker does not answer, or no worker is there to do the work."""
    found = health.check()
    if found.broker:
        raise CliError(f"{found.broker}; start it with: python manage.py run, or see BROKER_URL")
    if not found.workers:
        raise CliError(f"no worker is running; {START}; or leave the job for later with --no-wait")


def wait(app: App, ids: Sequence[int], *, quiet: bool, label: str = "Pushing") -> list[JobView]:
    """Wait until these jobs have ended, or await approval.

    Raises CliError when nobody works on them; they go on once somebody does.
    """
    with _bar(quiet, label) as bar:
        last, moved = -1, time.monotonic()
        while True:
            views = list(_views(app, ids))
            done, total = sum(view.current_count for view in views), sum(view.total_count for view in views)
            _show(bar, done, total)
            if all(view.status in (*ENDED, JobStatus.AWAITING_APPROVAL) for view in views):
                return views
            if done != last:
                last, moved = done, time.monotonic()
            elif time.monotonic() - moved > STILL_SECONDS:
                _still_there(ids)
                moved = time.monotonic()
            time.sleep(LOOK_SECONDS)


def follow_jobs(app: App, ids: list[int], no_wait: bool, as_json: bool, what: str) -> None:
    """Wait for jobs unless told not to, say how they ended, and exit with 1 when one did not end well."""
    if no_wait:
        _say_queued(ids, as_json)
        return
    try:
        views = wait(app, ids, quiet=as_json, label="Working")
    except KeyboardInterrupt:
        names = " ".join(str(number) for number in ids)
        click.echo(f"\n{what} goes on; see it with: python manage.py jobs show {names}", err=True)
        raise click.exceptions.Exit(130) from None
    if as_json:
        output.print_json(views)
    else:
        results(views)
        for view in views:
            if view.error_count:
                click.echo(f"see the errors with: python manage.py jobs errors {view.id}")
    if any(view.status != JobStatus.COMPLETED for view in views):
        raise click.exceptions.Exit(1)


def _say_queued(ids: list[int], as_json: bool) -> None:
    if as_json:
        output.print_json([{"id": number} for number in ids])
        return
    for number in ids:
        click.echo(f"job {number} is in the queue; see it with: python manage.py jobs show {number}")


@contextmanager
def _bar(quiet: bool, label: str) -> Iterator["click._termui_impl.ProgressBar[int] | None"]:
    if quiet:
        yield None
        return
    with click.progressbar(length=1, label=label, show_pos=True) as bar:
        yield bar


def _show(bar: "click._termui_impl.ProgressBar[int] | None", done: int, total: int) -> None:
    if bar is not None:
        bar.length = max(1, total)
        bar.update(done - bar.pos)


def _views(app: App, ids: Sequence[int]) -> Iterator[JobView]:
    with app.db.read() as session:
        for number in ids:
            view = progress.details(session, number)
            if view is None:
                raise Missing("job", number)
            yield view


def _still_there(ids: Sequence[int]) -> None:
    found = health.check()
    names = ", ".join(str(number) for number in ids)
    if found.broker:
        raise CliError(f"{found.broker}; job {names} goes on when it is back")
    if not found.workers:
        raise CliError(f"no worker is running any more; job {names} goes on when there is one; {START}")


def results(views: Sequence[JobView]) -> None:
    """Print a table of how jobs ended."""
    states = [status.value for status in ItemStatus if any(view.outcomes.get(status) for view in views)]
    titles = ["JOB", "SHOP", "STATE", "TOTAL", *(state.upper() for state in states), "SECONDS"]
    output.table(titles, [
        [
            view.id, view.shop_name, view.status.replace("_", " "), view.total_count,
            *(view.outcomes.get(state, 0) for state in states), _seconds(view),
        ]
        for view in views
    ])  # fmt: skip


def _seconds(view: JobView) -> str | None:
    return None if view.duration_seconds is None else f"{view.duration_seconds:.1f}"
