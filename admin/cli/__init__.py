"""The command line, one noun a file."""

from dataclasses import replace

import click

import telemetry
from admin.cli.availability import availability
from admin.cli.catalogue import catalogue
from admin.cli.conflicts import conflicts
from admin.cli.dead import dead
from admin.cli.demo import demo
from admin.cli.drift import drift
from admin.cli.feed import feed
from admin.cli.frame import App, Commands
from admin.cli.intake import intake
from admin.cli.jobs import jobs
from admin.cli.link import link
from admin.cli.migrate import migrate
from admin.cli.new_key import new_key
from admin.cli.plan import plan
from admin.cli.product import product
from admin.cli.queues import queue
from admin.cli.run import run
from admin.cli.schedule import schedule
from admin.cli.shop import shop
from admin.cli.shop_content import content
from admin.cli.shop_database import set_database, test_database
from admin.cli.supplier import supplier
from admin.cli.sync import sync
from admin.cli.undo import undo
from admin.cli.user import user
from settings import Settings, SettingsError

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(cls=Commands, context_settings=CONTEXT)
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Shopferry keeps PrestaShop shops in step with one product catalogue.

    Exit codes: 0 all is well, 1 something failed or the result holds errors, 2 the command was called wrongly.
    """
    ctx.obj = App()
    ctx.call_on_close(ctx.obj.close)


for command in (
    demo, run, migrate, user, shop, product, catalogue, sync, plan, conflicts, intake, drift, supplier, feed, link,
    availability, jobs, schedule, queue, dead, new_key,
):  # fmt: skip
    cli.add_command(command)
shop.add_command(content)
shop.add_command(set_database)
shop.add_command(test_database)
jobs.add_command(undo)


def main() -> None:
    """Run the command of this process's arguments."""
    _quiet()
    cli(prog_name="python manage.py")


def _quiet() -> None:
    """A command says itself what is wrong; the log is for what it did not expect, unless it is asked to say all."""
    try:
        settings = Settings.from_env()
    except SettingsError:
        return  # the command that needs settings says what is wrong
    telemetry.configure(replace(settings, log_level="DEBUG" if settings.log_level == "DEBUG" else "ERROR"))
