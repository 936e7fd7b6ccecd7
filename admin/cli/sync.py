"""`manage.py sync`: pushes to shops."""

import time
from collections.abc import Callable, Sequence
from uuid import uuid4

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

import tasks
from admin.cli import find, follow, output
from admin.cli.find import shop_option
from admin.cli.frame import App, CliError, Commands, pass_app
from admin.cli.output import json_option
from models import ItemStatus, JobProgress, JobStatus, Product, RemovalPolicy, Shop
from models.types import nfc
from sync import jobs, removals, single
from sync.errors import Refusal
from sync.modes import FULL, MODES
from sync.outcome import Outcome
from sync.rehearsal.approval import open_plan
from sync.selection import Selection
from sync.services import Services

WELL = (ItemStatus.PUSHED, ItemStatus.UNCHANGED, ItemStatus.SKIPPED)
LISTED = 20
PATIENCE = 30.0
"""Seconds that --now waits for a slot of the shop."""
now_option = click.option("--now", is_flag=True, help="Do it here and at once, without broker and worker.")


@click.group(cls=Commands)
def sync() -> None:
    """Push to shops."""


@sync.command()
@click.argument("skus", nargs=-1, metavar="[SKU]...")
@click.option(
    "--shop",
    "shop_names",
    required=True,
    multiple=True,
    metavar="NAME",
    help="The shop, in any case of letters; may be given several times.",
)
@click.option("--all", "kind", flag_value="all", help="All active products.")
@click.option("--changed", "kind", flag_value="changed", help="Those changed since their last push, or never pushed.")
@click.option("--errors", "kind", flag_value="errors", help="Those that are in error in the shop.")
@click.option("--category", metavar="PATH", help="Those of a category and all below it, such as Kitchen/Mugs.")
@click.option(
    "--mode",
    type=click.Choice(list(MODES)),
    default=FULL.name,
    show_default=True,
    help="What of them is sent; only a full push creates. With categories, their categories and no product.",
)
@click.option("--force", is_flag=True, help="Send also what the shop should have already.")
@click.option("--plan", is_flag=True, help="Only plan it: show what would change, and send nothing before approval.")
@click.option("--no-wait", is_flag=True, help="Return as soon as the job is in the queue.")
@json_option
@pass_app
def products(
    app: App, skus: tuple[str, ...], shop_names: tuple[str, ...], kind: str | None, category: str | None,
    mode: str, force: bool, plan: bool, no_wait: bool, as_json: bool,
) -> None:  # fmt: skip
    """Push many products: those named by SKU, or --all, --changed, --errors or those of a --category.

    Waits with a bar and prints what came of it; the exit code is 1 when a product was refused or failed.
    """
    if sum((bool(skus), kind is not None, category is not None)) != 1:
        raise click.UsageError("say which products: SKUs, or one of --all, --changed, --errors, --category PATH")
    tasks.configure(app.settings)
    if not no_wait:
        follow.require_workers()
    open_one = open_plan if plan else jobs.open_push
    ids = _open(app, shop_names, lambda session: _selection(session, skus, kind, category), open_one, mode, force)
    _follow(app, ids, no_wait, as_json)


def _follow(app: App, ids: list[int], no_wait: bool, as_json: bool) -> None:
    """Wait for the jobs, say how they ended, and exit with 1 when one did not end well."""
    if no_wait:
        _say_queued(ids, as_json)
        return
    try:
        views = follow.wait(app, ids, quiet=as_json)
    except KeyboardInterrupt:
        names = " ".join(str(number) for number in ids)
        click.echo(f"\nthe push goes on; see it with: python manage.py jobs show {names}", err=True)
        raise click.exceptions.Exit(130) from None
    if as_json:
        output.print_json(views)
    else:
        follow.results(views)
        for view in views:
            if view.error_count:
                click.echo(f"see the errors with: python manage.py jobs errors {view.id}")
            if view.status == JobStatus.AWAITING_APPROVAL:
                click.echo(f"nothing is sent yet; see it with: python manage.py plan show {view.id}")
    if any(view.status not in (JobStatus.COMPLETED, JobStatus.AWAITING_APPROVAL) for view in views):
        raise click.exceptions.Exit(1)


def _selection(session: Session, skus: tuple[str, ...], kind: str | None, category: str | None) -> Selection:
    if category is not None:
        return Selection("category", category_id=find.category(session, category).id)
    if kind is not None:
        return Selection(kind)
    wanted = dict.fromkeys(nfc(sku) for sku in skus)
    known = dict(session.execute(select(Product.sku, Product.id).where(Product.sku.in_(wanted))).tuples().all())
    missing = [sku for sku in wanted if sku not in known]
    if missing:
        raise CliError(f"there is no product {', '.join(missing)}; nothing was pushed")
    return Selection("ids", tuple(known[sku] for sku in wanted))


def _open(
    app: App, shop_names: tuple[str, ...], select_for: Callable[[Session], Selection],
    open_one: Callable[..., JobProgress], mode: str, force: bool,
) -> list[int]:  # fmt: skip
    """Open a job for each shop, commit, then tell the workers."""
    from tasks.actors import bulk_sync_products

    with app.db.write() as session:
        selection = select_for(session)
        shops = find.shops(session, shop_names)
        opened = [open_one(session, shop, selection, mode=mode, force=force).id for shop in shops]
    for number in opened:
        bulk_sync_products.send(number)
    return opened


def _say_queued(ids: list[int], as_json: bool) -> None:
    if as_json:
        output.print_json([{"id": number} for number in ids])
        return
    for number in ids:
        click.echo(f"job {number} is in the queue; see it with: python manage.py jobs show {number}")


@sync.command()
@click.argument("sku")
@shop_option
@now_option
@json_option
@pass_app
def product(app: App, sku: str, shop_name: str, now: bool, as_json: bool) -> None:
    """Push the product SKU, with its categories, stock and images."""
    with app.db.read() as session:
        product_id, shop_id = find.product(session, sku).id, find.shop(session, shop_name).id
    if now:
        _end(_at_once(single.push_product, app.services, product_id, shop_id), f"{sku} to {shop_name}", as_json)
        return
    _send("sync_product", app, product_id, shop_id, f"{sku} to {shop_name}", as_json)


@sync.command()
@click.argument("sku")
@shop_option
@now_option
@json_option
@pass_app
def images(app: App, sku: str, shop_name: str, now: bool, as_json: bool) -> None:
    """Push the images of the product SKU, which is in the shop already."""
    with app.db.read() as session:
        product_id, shop_id = find.product(session, sku).id, find.shop(session, shop_name).id
    if now:
        outcome = _at_once(single.push_product_images, app.services, product_id, shop_id)
        _end(outcome, f"images of {sku} to {shop_name}", as_json)
        return
    _send("sync_images", app, product_id, shop_id, f"images of {sku} to {shop_name}", as_json)


@sync.command()
@click.argument("path")
@shop_option
@now_option
@json_option
@pass_app
def category(app: App, path: str, shop_name: str, now: bool, as_json: bool) -> None:
    """Push the category at PATH, such as Kitchen/Mugs, and those above it."""
    with app.db.read() as session:
        category_id, shop_id = find.category(session, path).id, find.shop(session, shop_name).id
    if now:
        _end(_at_once(single.push_category, app.services, category_id, shop_id), f"{path} to {shop_name}", as_json)
        return
    _send("sync_category", app, category_id, shop_id, f"{path} to {shop_name}", as_json)


def _at_once(push: Callable[[Services, int, int, str], Outcome], services: Services, key: int, shop_id: int) -> Outcome:
    """Push without a queue; where a job holds the shop's slots, wait for a turn."""
    with services.db.read() as session:
        if session.scalar(select(Shop.paused_at).where(Shop.id == shop_id)) is not None:
            raise CliError("the shop is paused; go on with: python manage.py shop resume NAME")
    claimant, until = f"command-{uuid4()}", time.monotonic() + PATIENCE
    while True:
        outcome = push(services, key, shop_id, claimant)
        if outcome.status != ItemStatus.PENDING or time.monotonic() > until:
            return outcome
        time.sleep(min(1.0, outcome.delay or 0.0))


def _send(actor: str, app: App, key: int, shop_id: int, what: str, as_json: bool) -> None:
    """Put one message into the queue, if somebody is there to take it."""
    tasks.configure(app.settings)
    follow.require_workers()
    from tasks import actors

    getattr(actors, actor).send(key, shop_id)
    if as_json:
        output.print_json({"status": "queued"})
    else:
        click.echo(f"{what}: in the queue")


def _end(outcome: Outcome, what: str, as_json: bool) -> None:
    """Say how a push ended, and exit with 1 when it did not end well."""
    if as_json:
        output.print_json(outcome)
    elif outcome.status == ItemStatus.PENDING:
        click.echo(f"{what}: another push is working on it; try again in a moment", err=True)
    else:
        there = f" (id {outcome.external_id} there)" if outcome.external_id else ""
        reason = f": {outcome.error}" if outcome.error else ""
        click.echo(f"{what}: {outcome.status}{there}{reason}", err=outcome.status not in WELL)
    if outcome.status not in WELL:
        raise click.exceptions.Exit(1)


@sync.command("removals")
@shop_option
@click.option("--apply", "applied", is_flag=True, help="Do it. Without this it only says what would be done.")
@click.option("--yes", is_flag=True, help="Do not ask; needed where nobody can be asked.")
@click.option("--no-wait", is_flag=True, help="Return as soon as the job is in the queue.")
@json_option
@pass_app
def remove_products(app: App, shop_name: str, applied: bool, yes: bool, no_wait: bool, as_json: bool) -> None:
    """Say which products do not belong into a shop any more, and with --apply remove them by its policy.

    They are those that are not active there, and those that were deleted from the catalogue. A policy that deletes is
    confirmed by typing the shop's name.
    """
    with app.db.read() as session:
        shop = find.shop(session, shop_name)
        counts, candidates = removals.counts(session, shop), removals.listed(session, shop, LISTED)
    if not as_json or not applied:
        _say_removals(shop, counts, candidates, as_json)
    if not applied:
        return
    with app.db.read() as session:
        try:
            removals.require(session, shop)
        except Refusal as refusal:
            raise CliError(str(refusal)) from None
    if shop.removal_policy == RemovalPolicy.DELETE and not yes:
        typed = click.prompt(
            f"{counts.total:,} products are deleted in the shop. Type the shop's name to go on", err=True
        )
        if typed != shop.name:
            raise CliError("this is not the shop's name; nothing was removed")
    tasks.configure(app.settings)
    if not no_wait:
        follow.require_workers()
    _follow(app, [_start_removal(app, shop.id)], no_wait, as_json)


def _say_removals(shop: Shop, counts: removals.Counts, candidates: Sequence[removals.Candidate], as_json: bool) -> None:
    if as_json:
        rows = [{"sku": one.sku, "name": one.name, "id_there": one.external_id} for one in candidates]
        found = {"inactive": counts.inactive, "departed": counts.departed, "first": rows}
        output.print_json({"shop": shop.name, "policy": shop.removal_policy, **found})
        return
    listed = [
        [one.sku, one.name, one.external_id, "inactive" if one.product_id else "deleted here"] for one in candidates
    ]
    if listed:
        output.table(["SKU", "NAME", "ID THERE", "WHY"], listed)
    click.echo(
        f"{shop.name}: {counts.inactive:,} not active, {counts.departed:,} deleted from the catalogue;"
        f" its policy is {shop.removal_policy}"
    )


def _start_removal(app: App, shop_id: int) -> int:
    from tasks.actors import bulk_sync_products

    with app.db.write() as session:
        try:
            number = removals.open_removal(session, session.get_one(Shop, shop_id)).id
        except Refusal as refusal:
            raise CliError(str(refusal)) from None
    bulk_sync_products.send(number)
    return number
