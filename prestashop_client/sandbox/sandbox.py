"""A PrestaShop web service to develop, test and demonstrate against."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from prestashop_client.sandbox.app import SandboxApp, Timing
from prestashop_client.sandbox.auth import save_key
from prestashop_client.sandbox.faults import Fault, Faults, parse_faults
from prestashop_client.sandbox.loading import insert, load_folder, load_fresh
from prestashop_client.sandbox.log import RequestLog
from prestashop_client.sandbox.profile import profile_of
from prestashop_client.sandbox.routing import Dispatcher
from prestashop_client.sandbox.server import SandboxServer
from prestashop_client.sandbox.store import Store

DEFAULT_KEY = "ABCDEFGHIJKLMNOPQRSTUVWXYZ123456"
_LANGUAGES = {
    "de": ("Deutsch (German)", "de-DE"),
    "fr": ("Français (French)", "fr-FR"),
    "cs": ("Čeština (Czech)", "cs-CZ"),
    "es": ("Español (Spanish)", "es-ES"),
    "it": ("Italiano (Italian)", "it-IT"),
    "sk": ("Slovenčina (Slovak)", "sk-SK"),
}


class Sandbox:
    """A shop with its web service, as a WSGI application (`app`) and, once started, as a server (`address`).

    `key`: a key of 32 characters with every right. `load`: a folder of XML documents. `version`: 9.1, 8.2 or 1.7.
    `db`: a file that keeps the shop, memory by default. `display_errors`: True where PHP swallows its warnings.
    `shops`, `share_stock`: how many shops in one group, and whether they share their stock. `languages`: ISO codes
    besides en and pl. `latency`: milliseconds added to every request. `cost`: "prestashop" to take the time that a
    real shop takes. `faults`: as on the command line. `domains`: Host names other than these are redirected.
    """

    def __init__(
        self,
        *,
        key: str = DEFAULT_KEY,
        load: str | Path | None = None,
        version: str = "9.1",
        db: str | Path | None = None,
        display_errors: bool = False,
        shops: int = 1,
        share_stock: bool = False,
        languages: Iterable[str] = (),
        latency: float = 0.0,
        cost: str = "",
        faults: str | Iterable[Fault] = (),
        seed: int = 0,
        domains: Iterable[str] = (),
    ) -> None:
        if cost not in ("", "prestashop"):
            raise ValueError(f"no cost {cost!r}; there is prestashop")
        self.key = key
        self.profile = profile_of(version, display_errors)
        self.store = Store(self.profile.resources.values(), db)
        self.faults = Faults(seed)
        for fault in parse_faults(faults) if isinstance(faults, str) else faults:
            self.faults.add(fault)
        self.requests = RequestLog()
        self.timing = Timing(latency, cost == "prestashop")
        self.loaded: dict[str, int] = {}
        with self.store.request():
            self._furnish(load, shops, share_stock, languages)
        self.dispatcher = Dispatcher(self.store, self.profile, self.now)
        self.app = SandboxApp(self.dispatcher, self.faults, self.requests, self.timing, domains)
        self._server: SandboxServer | None = None
        self._thread: threading.Thread | None = None
        self._zone: tzinfo | None = None

    def _furnish(self, load: str | Path | None, shops: int, share_stock: bool, languages: Iterable[str]) -> None:
        if not self.store.value("SELECT 1 FROM shop LIMIT 1"):
            load_fresh(self.store, self.profile.resources, self.profile.full_version)
            self._add_languages(languages)
            self._add_shops(shops, share_stock)
            if load is not None:
                self.loaded = load_folder(self.store, self.profile.resources, Path(load))
        save_key(self.store, self.profile, self.key)

    def _add_languages(self, codes: Iterable[str]) -> None:
        for number, code in enumerate(codes, 3):
            name, locale = _LANGUAGES.get(code, (code, f"{code}-{code.upper()}"))
            insert(
                self.store,
                self.profile.resources["languages"],
                {
                    "id": number,
                    "name": name,
                    "iso_code": code,
                    "locale": locale,
                    "language_code": code,
                    "active": "1",
                    "date_format_lite": "Y-m-d",
                    "date_format_full": "Y-m-d H:i:s",
                },
            )
            self._translate(number)

    def _translate(self, language: int) -> None:
        """Give every text in the new language, as an installed language pack does."""
        for resource in self.profile.resources.values():
            if resource.multilang:
                names = ", ".join(f'"{f.name}"' for f in resource.definition if f.lang and f.stored)
                self.store.execute(
                    f'INSERT OR IGNORE INTO "{resource.table}_lang" ("{resource.primary}", id_shop, id_lang, {names}) '
                    f'SELECT "{resource.primary}", id_shop, ?, {names} FROM "{resource.table}_lang" '
                    "WHERE id_lang = 1",
                    (language,),
                )

    def _add_shops(self, count: int, share_stock: bool) -> None:
        self.store.execute("UPDATE shop_group SET share_stock = ?", (int(share_stock),))
        for number in range(2, count + 1):
            insert(
                self.store,
                self.profile.resources["shops"],
                {
                    "id": number,
                    "id_shop_group": "1",
                    "id_category": "2",
                    "active": "1",
                    "name": f"Shop {number}",
                    "theme_name": "classic",
                },
            )
            self._open_shop(number)

    def _open_shop(self, shop: int) -> None:
        """Give a new shop what the first one has: categories, languages, currencies, manufacturers, texts."""
        for resource in self.profile.resources.values():
            if resource.shop == "shop":
                own = "".join(f', "{f.name}"' for f in resource.definition if f.stored and f.shop)
                table, primary = f"{resource.table}_shop", resource.primary
                self.store.execute(
                    f'INSERT INTO "{table}" ("{primary}", id_shop{own}) SELECT "{primary}", ?{own} '
                    f'FROM "{table}" WHERE id_shop = 1',
                    (shop,),
                )
            if resource.lang_shop:
                names = "".join(f', "{f.name}"' for f in resource.definition if f.lang and f.stored)
                table, primary = f"{resource.table}_lang", resource.primary
                self.store.execute(
                    f'INSERT INTO "{table}" ("{primary}", id_shop, id_lang{names}) '
                    f'SELECT "{primary}", ?, id_lang{names} FROM "{table}" WHERE id_shop = 1',
                    (shop,),
                )

    def now(self) -> str:
        """The moment in the shop's time zone (PS_TIMEZONE)."""
        if self._zone is None:
            try:
                self._zone = ZoneInfo(self.store.setting("PS_TIMEZONE") or "UTC")
            except (ZoneInfoNotFoundError, ValueError):
                self._zone = UTC
        return datetime.now(self._zone).strftime("%Y-%m-%d %H:%M:%S")

    def add_key(
        self,
        key: str,
        *,
        rights: dict[str, list[str]] | None = None,
        shops: list[int] | None = None,
        active: bool = True,
    ) -> None:
        """Make a key. `rights`: methods by resource, e.g. {"products": ["GET"]}; all by default."""
        with self.store.request():
            save_key(self.store, self.profile, key, rights=rights, shops=shops, active=active)

    def set(self, name: str, value: str) -> None:
        """Change a configuration, e.g. PS_WEBSERVICE."""
        with self.store.request():
            if not self.store.execute("UPDATE configuration SET value = ? WHERE name = ?", (value, name)):
                self.store.insert("configuration", {"name": name, "value": value})
        self._zone = None

    @property
    def address(self) -> str:
        """`http://127.0.0.1:PORT`, without `/api`; RuntimeError before start()."""
        if self._server is None:
            raise RuntimeError("the sandbox is not started")
        return self._server.address

    def start(self, host: str = "127.0.0.1", port: int = 0) -> "Sandbox":
        """Serve from a thread; port 0 takes a free one."""
        self._server = SandboxServer(host, port, self.app)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name="sandbox", daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving and close the store; a file stays."""
        if self._server is not None and self._thread is not None:
            self._server.stop()
            self._thread.join()
            self._server = None
        self.store.close()

    @classmethod
    @contextmanager
    def running(cls, *, host: str = "127.0.0.1", port: int = 0, **options: Any) -> Iterator["Sandbox"]:
        """A started sandbox that is stopped at the end of the block; the options are the class's."""
        sandbox = cls(**options).start(host, port)
        try:
            yield sandbox
        finally:
            sandbox.stop()
