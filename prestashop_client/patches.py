"""PATCH, or PUT, of many entities with known ids.

Both are idempotent: an uncertain one may simply be repeated, so reading back only saves work and tells the truth in
the end. The shop stops at the first entity it refuses and keeps the earlier ones.
"""

from __future__ import annotations

from collections.abc import Sequence

from prestashop_client.answers import HALF_SAVED
from prestashop_client.compare import stands
from prestashop_client.errors import BadAnswer, EntityRefused, PrestaShopError, TooLarge
from prestashop_client.verdict import Verdict, not_known, not_written
from prestashop_client.writing import SETTLE, Write, halts, may_still_run

ATTEMPTS = 3  # of one entity alone, before its verdict is given from what is read back


class Patches:
    """One `patch_many` or `update` call."""

    def __init__(self, write: Write) -> None:
        self.write = write
        self.attempts: dict[int, int] = {}
        self.unclear: set[int] = set()  # sent, and nobody knows what of it stands

    def run(self) -> list[Verdict]:
        self.write.refuse_locally()
        while waiting := self.write.open():
            self._round(self.write.next_group(self._without_repeated_ids(waiting)))
        return self.write.result()

    def _without_repeated_ids(self, waiting: Sequence[int]) -> list[int]:
        """One id twice in a request is refused (code 89): the second goes with a later one, in order."""
        seen: set[int] = set()
        group = []
        for index in waiting:
            if self._id(index) in seen:
                break
            seen.add(self._id(index))
            group.append(index)
        return group

    def _round(self, group: Sequence[int]) -> None:
        try:
            answers = self.write.send(group)
        except PrestaShopError as error:
            self._failed(group, error)
        else:
            self.write.went_well()
            for index, answer in zip(group, answers, strict=True):
                self.write.verdicts[index] = Verdict("saved", answer["id"], None, answer)

    def _failed(self, group: Sequence[int], error: PrestaShopError) -> None:
        if halts(error):
            self._halt(error)
        elif error.maybe_written and not isinstance(error, TooLarge):
            self.unclear.update(group)
            self._recover(group, error)
        elif len(group) > 1:
            self.write.shrink()
        else:
            self._conclude(group[0], error)

    def _recover(self, group: Sequence[int], error: PrestaShopError) -> None:
        if may_still_run(error):
            self.write.exchange.sleep(SETTLE[0])
        try:
            missing = self._read_back(group, error)
        except PrestaShopError as problem:
            for index in group:
                self.write.verdicts[index] = not_known(error, self._id(index))
            self._halt(problem)
            return
        if not missing:
            self.write.strikes = 0
        elif len(group) == 1:
            self._again_or_conclude(missing[0], error)
        elif self.write.strike(error):
            self._halt(error)
        else:
            self._first_alone(group, missing)

    def _read_back(self, group: Sequence[int], error: PrestaShopError) -> list[int]:
        """Verdicts for what stands; the indexes of the rest. What certainly does not stand is no longer unclear."""
        write = self.write
        ids = [self._id(index) for index in group]
        stored = write.reader.get_many(write.resource.name, ids, display="full")
        missing = []
        for index in group:
            found = stored.get(self._id(index))
            standing = False if found is None else stands(write.documents[index], found)
            if standing:
                warning = error if len(group) == 1 else None
                write.tree_stale = True
                write.verdicts[index] = Verdict("saved", self._id(index), warning, found)
                continue
            missing.append(index)
            if standing is False and not may_still_run(error) and not _half_saved(error):
                self.unclear.discard(index)
        return missing

    def _first_alone(self, group: Sequence[int], missing: Sequence[int]) -> None:
        """The shop stopped at the first entity that does not stand: that one is the suspect."""
        if len(missing) == len(group):
            self.write.shrink()
        size = self.write.size
        self._round(missing[:1])
        verdict = self.write.verdicts.get(missing[0])
        # Saved on its own: not this entity was the reason, so try fewer at once.
        self.write.size = max(1, size // 2) if verdict is None or verdict.ok else size

    def _again_or_conclude(self, index: int, error: PrestaShopError) -> None:
        attempt = self.attempts[index] = self.attempts.get(index, 0) + 1
        most = 2 if isinstance(error, BadAnswer) else ATTEMPTS
        final = isinstance(error, EntityRefused) and not error.retryable
        if self.write.strike(error):
            self._halt(error)
        elif final or attempt >= most:
            self._conclude(index, error)
        else:
            self.write.exchange.sleep(SETTLE[min(attempt, len(SETTLE)) - 1])

    def _conclude(self, index: int, error: PrestaShopError) -> None:
        verdict = not_known if index in self.unclear else not_written
        self.write.verdicts[index] = verdict(error, self._id(index))

    def _halt(self, error: PrestaShopError) -> None:
        """Leave the rest for later; what was sent before without a clear answer stays unknown."""
        for index in self.write.open():
            self._conclude(index, error)

    def _id(self, index: int) -> int:
        id_: int = self.write.documents[index]["id"]
        return id_


def _half_saved(error: PrestaShopError) -> bool:
    """No transaction: a statement half-way or an association failed after others were saved."""
    return error.retryable and (HALF_SAVED in error.message or 46 in error.codes)
