"""What the demo puts into an empty database: the demo catalogue, an operator, two sandbox shops, a first push."""

import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin import accounts
from admin.cli.frame import CliError
from admin.cli.secret import one_time_password
from models import JobProgress, Product, Shop, User
from sync import catalogue_files, jobs, shops
from sync.demo import DemoCatalogue
from sync.selection import Selection
from sync.services import Services

OPERATOR = "demo"
SHOPS = ("Cyan", "Magenta")
KEY_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A demo shop: what its sandbox is started with."""

    name: str
    port: int
    key: str

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def refuse_real_data(session: Session, marker: Path) -> None:
    """The demo is not mixed into somebody's own catalogue. Raises CliError."""
    if marker.exists():
        return
    if session.scalars(select(Product.id).limit(1)).first() or session.scalars(select(Shop.id).limit(1)).first():
        raise CliError(
            "this database has products or shops of its own, and the demo is not mixed into them;"
            " give it a folder of its own: SHOPFERRY_DATA_DIR=demo make demo (with DATABASE_URL unset)"
        )


def load_catalogue(services: Services) -> None:
    """Load the demo catalogue, unless there are products already."""
    with services.db.read() as session:
        if session.scalars(select(Product.id).limit(1)).first():
            return
    results = catalogue_files.load(services.db, services.media, DemoCatalogue(), "en")
    counts = Counter(result.kind for result in results)
    click.echo(f"the demo catalogue is loaded: {counts['product']} products in {counts['category']} categories")


def create_operator(services: Services) -> str | None:
    """Add the demo's operator and return the one-time password; None when there is one already."""
    with services.db.write() as session:
        if session.scalar(select(User).where(User.name == OPERATOR)):
            return None
        password = one_time_password()
        accounts.create_user(session, OPERATOR, password, one_time=True)
    return password


def known_key(services: Services, name: str) -> str:
    """The key of a demo shop, or a new one: 32 letters and digits, as PrestaShop makes them."""
    with services.db.read() as session:
        shop = session.scalar(select(Shop).where(Shop.name == name))
        return services.vault.decrypt(shop.key_encrypted) if shop else secrets.token_hex(KEY_LENGTH // 2).upper()


def put_shops(services: Services, sandboxes: Sequence[Sandbox]) -> None:
    """Add the demo's shops, or tell the ones there where their sandbox is today."""
    with services.db.write() as session:
        for sandbox in sandboxes:
            shop = session.scalar(select(Shop).where(Shop.name == sandbox.name))
            if shop is None:
                shop = Shop(name=sandbox.name, key_encrypted=services.vault.encrypt(sandbox.key))
                session.add(shop)
            shop.address = sandbox.address


def meet_shops(services: Services) -> None:
    """Test the connection of each demo shop, as an operator would, and keep what was found."""
    for name in SHOPS:
        with services.db.read() as session:
            shop = session.scalars(select(Shop).where(Shop.name == name)).one()
        report = shops.test_connection(services, shop)
        with services.db.write() as session:
            shops.apply_report(session.get_one(Shop, shop.id), report)


def first_push(services: Services) -> list[int]:
    """Open a push of everything to each demo shop that had none yet: the jobs' ids, to be sent once this returns."""
    opened = []
    with services.db.write() as session:
        operator = session.scalar(select(User.id).where(User.name == OPERATOR))
        for shop in session.scalars(select(Shop).where(Shop.name.in_(SHOPS), Shop.active).order_by(Shop.name)):
            if not session.scalars(select(JobProgress.id).where(JobProgress.shop_id == shop.id).limit(1)).first():
                opened.append(jobs.open_push(session, shop, Selection("all"), user_id=operator).id)
    return opened
