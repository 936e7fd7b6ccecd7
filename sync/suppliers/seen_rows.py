"""Which rows of a feed a run has seen, by their ids: runs of neighbours take no more room than one of them."""

from bisect import bisect_right
from collections.abc import Iterable


class SeenIds:
    """A set of ids, kept as ranges; rows are written in the order of their file, so that most are neighbours."""

    def __init__(self) -> None:
        self._first: list[int] = []
        self._last: list[int] = []
        self._loose: set[int] = set()
        self.count = 0

    def add(self, ids: Iterable[int]) -> None:
        """Put ids in; one that is in already counts once."""
        for each in ids:
            if each in self:
                continue
            self.count += 1
            if self._last and each == self._last[-1] + 1:
                self._last[-1] = each
            elif not self._last or each > self._last[-1]:
                self._first.append(each)
                self._last.append(each)
            else:
                self._loose.add(each)

    def __contains__(self, each: int) -> bool:
        place = bisect_right(self._first, each) - 1
        return (place >= 0 and each <= self._last[place]) or each in self._loose
