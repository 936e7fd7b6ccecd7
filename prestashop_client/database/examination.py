"""The connection test: every step on the way to writing, each with what was seen and what to do. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from prestashop_client.database import grants
from prestashop_client.database.connection import Connection
from prestashop_client.database.errors import AccessRefused, DatabaseError, GrantMissing, UnknownLayout, WrongPrefix
from prestashop_client.database.known import PHYSICAL, PURPOSES
from prestashop_client.database.layout import Layout, read_layout
from prestashop_client.database.settings import DatabaseSettings
from prestashop_client.doctor import Check, Diagnosis, bad, good, warning

OLDEST = {"mariadb": (10, 2), "mysql": (5, 7)}
REMEDIES: dict[type[DatabaseError], str] = {
    AccessRefused: "check name, user and password of the database, and that the user may come from this machine",
    WrongPrefix: "take the prefix that stands in the shop's app/config/parameters.php as database_prefix",
    GrantMissing: "give the rights that are listed under grants",
    UnknownLayout: "this shop can only be served over its web service",
}


def examine(settings: DatabaseSettings, id_shop: int, purposes: Sequence[str] = PURPOSES) -> Diagnosis:
    """Connect and look: server, prefix, tables, shop, rights. `purposes`: of PURPOSES, what is to be written."""
    try:
        connection = Connection(settings)
    except DatabaseError as error:
        remedy = REMEDIES.get(type(error), "check host and port, and that the server takes connections from here")
        return Diagnosis((bad("connection", str(error), remedy),))
    with connection:
        return Diagnosis(tuple(_checks(connection, id_shop, purposes)))


def _checks(connection: Connection, id_shop: int, purposes: Sequence[str]) -> Iterator[Check]:
    yield good("connection", f"connected to {connection.settings.where} as {connection.settings.user}")
    yield _server(connection)
    yield _writable(connection)
    try:
        layout = read_layout(connection, id_shop)
    except DatabaseError as error:
        name = "prefix" if isinstance(error, WrongPrefix) else "tables"
        yield bad(name, error.message, REMEDIES.get(type(error), "try again later"))
        if not isinstance(error, WrongPrefix):
            yield _grants(connection, purposes, has_physical=True)
        yield _width(connection)
        return
    yield good("prefix", repr(layout.prefix))
    yield _tables(layout)
    yield _shop(layout)
    yield _languages(layout)
    yield _grants(connection, purposes, has_physical=layout.has_physical)
    yield _width(connection)


def _server(connection: Connection) -> Check:
    version = str(connection.one("SELECT VERSION()")[0])
    kind = "mariadb" if "mariadb" in version.lower() else "mysql"
    numbers = tuple(int(part) for part in version.split("-", maxsplit=1)[0].split(".")[:2] if part.isdigit())
    name = {"mariadb": "MariaDB", "mysql": "MySQL"}[kind]
    if numbers < OLDEST[kind]:
        oldest = ".".join(map(str, OLDEST[kind]))
        return warning("server", f"{name} {version}", f"older than {oldest}, which is the oldest that is supported")
    return good("server", f"{name} {version}")


def _writable(connection: Connection) -> Check:
    if int(connection.one("SELECT @@global.read_only")[0]):
        return bad("writable", "the server is read-only", "give the address of the primary server, not of a replica")
    return good("writable", "the server takes writes")


def _tables(layout: Layout) -> Check:
    kept = "with" if layout.has_physical else "without"
    return good("tables", f"as of a PrestaShop that we know, {kept} {' and '.join(PHYSICAL)}")


def _shop(layout: Layout) -> Check:
    if not layout.shop.share_stock:
        return good("shop", f"{layout.shop}; stock rows of its own")
    seen = f"{layout.shop}; stock rows of group {layout.shop.id_shop_group}"
    if not layout.sharing:
        return good("shop", seen + ", which no other shop is in")
    names = ", ".join(map(str, layout.sharing))
    return warning("shop", f"{seen}, shared with {names}", "quantities and out_of_stock change in these shops as well")


def _languages(layout: Layout) -> Check:
    if not layout.languages:
        return bad("languages", "the shop has no languages", "give the shop a language in PrestaShop")
    return good("languages", ", ".join(f"{iso} ({number})" for number, iso in layout.languages.items()))


def _grants(connection: Connection, purposes: Sequence[str], *, has_physical: bool) -> Check:
    rights = grants.needed(purposes, has_physical=has_physical)
    missing = grants.missing(connection, rights)
    if not missing:
        return good("grants", f"all rights for {', '.join(purposes)}")
    named = ", ".join(f"{right} on {right.table or 'the database'}" for right in missing)
    return bad("grants", f"missing: {named}", "\n".join(grants.statements(connection, missing)))


def _width(connection: Connection) -> Check:
    found = grants.too_wide(connection)
    if not found:
        return good("too wide grants", "none")
    return warning("too wide grants", f"the user {'; '.join(found)}", "take a user of its own, with the needed rights")
