"""The command line, one noun a file."""

import click

from admin.cli.demo import demo
from admin.cli.frame import App, Commands
from admin.cli.run import run

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(cls=Commands, context_settings=CONTEXT)
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Shopferry keeps PrestaShop shops in step with one product catalogue."""
    ctx.obj = App()
    ctx.call_on_close(ctx.obj.close)


for command in (demo, run):
    cli.add_command(command)


def main() -> None:
    """Run the command of this process's arguments."""
    cli(prog_name="python manage.py")
