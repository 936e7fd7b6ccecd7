"""DELETE of many entities. All or nothing on the shop's side while ids are missing, so missing ones go first."""

from __future__ import annotations

import re
from collections.abc import Sequence

from prestashop_client.errors import LocalRefusal, NotFound, PrestaShopError, ShopUnavailable
from prestashop_client.exchange import Exchange
from prestashop_client.reading import Reader
from prestashop_client.verdict import Verdict, not_known, not_written
from prestashop_client.wire import Request
from prestashop_client.writing import SETTLE, halts, may_still_run

MISSING = re.compile(r"not exists: ([\d, ]+)")
ATTEMPTS = 3


class Deletes:
    """One `delete_many` call."""

    def __init__(self, exchange: Exchange, reader: Reader, resource: str) -> None:
        self.exchange = exchange
        self.reader = reader
        self.resource = resource
        self.verdicts: dict[int, Verdict] = {}

    def run(self, ids: Sequence[int], batch: int) -> list[Verdict]:
        if self.resource == "categories":
            self._spare_roots(ids)
        rest = [id_ for id_ in dict.fromkeys(ids) if id_ not in self.verdicts]
        for start in range(0, len(rest), batch):
            self._remove(rest[start : start + batch])
        return [self.verdicts[id_] for id_ in ids]

    def _spare_roots(self, ids: Sequence[int]) -> None:
        """Deleting Home succeeds and takes the whole tree with it (measured), so it is never sent."""
        try:
            found = self.reader.get_many("categories", ids, ("id", "id_parent", "is_root_category"))
        except PrestaShopError as error:
            self.verdicts.update({id_: not_written(error, id_) for id_ in ids})
            return
        for id_, category in found.items():
            if category.get("is_root_category") == "1" or id_ == 1:
                refusal = LocalRefusal(
                    "is a root of the tree: deleting it deletes every category below",
                    field="id",
                    remedy="delete its children one by one",
                    resource="categories",
                )
                self.verdicts[id_] = Verdict("refused", id_, refusal)

    def _remove(self, ids: Sequence[int]) -> None:
        """Delete `ids`; those that the shop says are missing are taken out, an uncertain answer is read back."""
        left = list(ids)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                self._send(left)
            except NotFound as error:
                left = self._without_missing(left, error)
            except PrestaShopError as error:
                left = self._after(left, error, last=attempt == ATTEMPTS)
            else:
                self._gone(left)
                left = []
            if not left:
                return
        for id_ in left:
            self.verdicts[id_] = not_known(PrestaShopError("still there after several attempts"), id_)

    def _send(self, ids: Sequence[int]) -> None:
        one = len(ids) == 1
        request = Request(
            "DELETE",
            f"{self.resource}/{ids[0]}" if one else self.resource,
            self.resource,
            ids=tuple(ids),
            params=[] if one else [("id", f"[{','.join(map(str, ids))}]")],
            entities=len(ids),
        )
        self.exchange.plain(request)

    def _without_missing(self, ids: Sequence[int], error: NotFound) -> list[int]:
        named = MISSING.search(error.message)
        missing = {int(text) for text in re.findall(r"\d+", named.group(1))} if named else set(ids)
        for id_ in missing & set(ids):
            self.verdicts[id_] = Verdict("refused", id_, error)
        return [id_ for id_ in ids if id_ not in missing]

    def _after(self, ids: Sequence[int], error: PrestaShopError, last: bool) -> list[int]:
        """What is left to delete after `error`; verdicts for the rest."""
        if halts(error):
            self.verdicts.update({id_: not_written(error, id_) for id_ in ids})
            return []
        if may_still_run(error):
            self.exchange.sleep(SETTLE[0])
        try:
            there = self.reader.get_many(self.resource, ids, ("id",))
        except PrestaShopError:
            self.verdicts.update({id_: not_known(error, id_) for id_ in ids})
            return []
        self._gone([id_ for id_ in ids if id_ not in there])
        left = [id_ for id_ in ids if id_ in there]
        if last or not isinstance(error, ShopUnavailable):
            verdict = not_known if may_still_run(error) else not_written
            self.verdicts.update({id_: verdict(error, id_) for id_ in left})
            return []
        return left

    def _gone(self, ids: Sequence[int]) -> None:
        for id_ in ids:
            self.verdicts[id_] = Verdict("saved", id_)
