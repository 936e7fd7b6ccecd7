"""POST of many entities: none lost, none doubled.

The shop works through a request in order, stops at the first entity it refuses, keeps the earlier ones and does not
say which it was. So the highest id is known before the first POST, and after any error the entities above it are
read and matched with what was sent. Only what is certainly not there is sent again.
"""

from __future__ import annotations

from collections.abc import Sequence

from prestashop_client.baselines import Baselines
from prestashop_client.compare import is_entity
from prestashop_client.errors import PermissionRefused, PrestaShopError, TimedOut, TooLarge
from prestashop_client.verdict import Verdict, not_known, not_written
from prestashop_client.writing import SETTLE, Write, halts, may_still_run
from prestashop_client.xml import Document


class Creates:
    """One `create_many` call."""

    def __init__(self, write: Write, baselines: Baselines) -> None:
        self.write = write
        self.baselines = baselines
        self.highest: int | None = None
        self.taken: set[int] = set()

    def run(self) -> list[Verdict]:
        write = self.write
        write.refuse_locally()
        try:
            self.highest = self.baselines.before(write.resource.name) if write.open() else None
        except PermissionRefused:
            self.highest = None  # a key that may only write: what cannot be read back stays unknown
        except PrestaShopError as error:
            write.halt(error)
        while waiting := write.open():
            self._round(write.next_group(waiting))
        return write.result()

    def _round(self, group: Sequence[int]) -> None:
        try:
            answers = self.write.send(group)
        except PrestaShopError as error:
            self._failed(group, error)
        else:
            self.write.went_well()
            for index, answer in zip(group, answers, strict=True):
                self._settle(index, answer)

    def _failed(self, group: Sequence[int], error: PrestaShopError) -> None:
        if halts(error):
            self.write.halt(error)
        elif error.maybe_written and not isinstance(error, TooLarge):
            self._recover(group, error)
        elif len(group) > 1:
            self.write.shrink()
        else:
            self.write.verdicts[group[0]] = not_written(error)

    def _recover(self, group: Sequence[int], error: PrestaShopError) -> None:
        """Find out what stands after `error`, and send the first entity that does not on its own."""
        missing = self._look(group, error)
        if missing is None:
            return
        if not missing:
            self.write.strikes = 0
        elif isinstance(error, TimedOut):
            # The shop may still be creating them: to send them again could double them.
            self._unknown(missing, error)
            self.write.shrink()
            self._give_up_after(error)
        elif len(group) == 1:
            self.write.verdicts[missing[0]] = not_written(error)
            self._give_up_after(error)
        elif not self._give_up_after(error):
            self._first_alone(group, missing)

    def _first_alone(self, group: Sequence[int], missing: Sequence[int]) -> None:
        """The shop stopped at the first entity that is missing: that one is the suspect."""
        write = self.write
        if len(missing) == len(group):
            write.shrink()
        size = write.size
        self._round(missing[:1])
        verdict = write.verdicts.get(missing[0])
        # Saved on its own: not this entity was the reason, so try fewer at once.
        write.size = max(1, size // 2) if verdict is None or verdict.ok else size

    def _look(self, group: Sequence[int], error: PrestaShopError) -> list[int] | None:
        """Verdicts for those of the group that stand; the indexes of the missing ones, None if it cannot be told."""
        missing = self._match(group, error)
        if not missing or not may_still_run(error):
            return missing
        for pause in SETTLE:
            self.write.exchange.sleep(pause)
            before, missing = missing, self._match(missing, error)
            if not missing or len(missing) == len(before):
                break
        return missing

    def _match(self, group: Sequence[int], error: PrestaShopError) -> list[int] | None:
        write = self.write
        if self.highest is None:
            self._unknown(group, error)
            return None
        try:
            found = write.reader.created_after(write.resource.name, self.highest)
        except PrestaShopError as problem:
            self._unknown(group, error)
            write.halt(problem)
            return None
        candidates = [entity for entity in found if entity["id"] not in self.taken]
        warning = error if len(group) == 1 else None
        return [index for index in group if not self._adopt(index, candidates, warning)]

    def _adopt(self, index: int, candidates: list[Document], error: PrestaShopError | None) -> bool:
        """Give the entity its verdict if it is among the candidates, or may be."""
        sent = self.write.documents[index]
        key = next((names for names in self.write.resource.key if all(sent.get(name) for name in names)), None)
        if key is None:
            self._unknown([index], error or PrestaShopError("nothing to recognise it by"))
            return True
        doubtful = False
        for entity in candidates:
            same = is_entity(sent, entity, key)
            if same:
                candidates.remove(entity)
                self.write.tree_stale = True
                self._settle(index, entity, error)
                return True
            doubtful = doubtful or same is None
        if doubtful:
            self._unknown([index], error or PrestaShopError("another entity has its key"))
        return doubtful

    def _settle(self, index: int, answer: Document, error: PrestaShopError | None = None) -> None:
        self.taken.add(answer["id"])
        self.baselines.created(self.write.resource.name, answer["id"])
        self.write.verdicts[index] = Verdict("created", answer["id"], error, answer)

    def _unknown(self, group: Sequence[int], error: PrestaShopError) -> None:
        for index in group:
            self.write.verdicts.setdefault(index, not_known(error))

    def _give_up_after(self, error: PrestaShopError) -> bool:
        if not self.write.strike(error):
            return False
        self.write.halt(error)
        return True
