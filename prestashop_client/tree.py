"""The category tree after a batch that failed: the shop rebuilds it at a request's end, which was not reached."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from prestashop_client.errors import BadAnswer
from prestashop_client.verdict import Verdict


def rebuild(verdicts: Sequence[Verdict], touch: Callable[[int], Verdict]) -> list[Verdict]:
    """Write one of the saved categories again, unchanged, which rebuilds the tree.

    touch: writes the category of that id and nothing of it. If that fails too, every saved category's verdict gets
    a warning: it stands, but shows in the shop only after the next category write.
    """
    saved = [verdict.id for verdict in verdicts if verdict.ok and verdict.id is not None]
    if not saved or _was_answered(touch(saved[-1])):
        return list(verdicts)
    warning = BadAnswer(
        "saved, but the category tree was not rebuilt: save any category again", resource="categories", retryable=True
    )
    return [replace(verdict, error=verdict.error or warning) if verdict.ok else verdict for verdict in verdicts]


def _was_answered(verdict: Verdict) -> bool:
    """An answer without an error: only then did the shop come to the end of the request."""
    return verdict.ok and verdict.error is None
