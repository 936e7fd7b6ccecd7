"""Look before an update: what the shop shows now of the fields that are to change, and who wins where both changed."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from models import ConflictPolicy, SentDocument, Shop
from prestashop_client import Verdict
from sync.agreement import Decision, Remote, decide
from sync.clients.witness import Witness
from sync.outcome import skipped
from sync.strategies.run import Run
from sync.strategies.work import Work
from sync.transform.remote import Document, canonical, display_of, marks, moment, picked, unpack


def look(run: Run, works: Sequence[Work]) -> None:
    """Read the fields that the works' plans would change, in one request for fifty products, and settle conflicts by
    the shop's policy. A product that is not in the shop any more is planned anew, as one to create.

    Raises PrestaShopError.
    """
    there = [work for work in works if work.open and work.plan is not None and not work.plan.create]
    changed = [work for work in there if work.plan and work.plan.document]
    for work in there:
        if work.link.conflict and work not in changed:
            _settle(work, _elsewhere(run.shop, work))
    if not changed:
        return
    fields = dict.fromkeys(name for work in changed if work.plan for name in display_of(work.plan.document))
    ids = [work.link.external_id or 0 for work in changed]
    shown = Witness.of(run.client).look("products", ids, ("date_upd", *fields))
    agreed = _agreed(run, [work for work in changed if _matters(run.shop, work)])
    for work in changed:
        stored = shown.get(work.link.external_id or 0)
        if stored is None:
            work.forget()
        else:
            _decide(run.shop, work, stored, agreed.get(work.link.id, {}))


def note_write(run: Run, work: Work, verdict: Verdict) -> None:
    """After a write: the shop's date_upd then, and that nobody has looked yet at what the shop made of the texts."""
    written = (verdict.document or {}).get("date_upd")
    work.link.shop_changed_at = moment(str(written or ""), run.shop.time_zone)
    sent = canonical(work.plan.document if work.plan else {})
    work.link.seen = {name: one for name, one in (work.link.seen or {}).items() if name not in sent}


def _matters(shop: Shop, work: Work) -> bool:
    """Whether it has to be known what was agreed on: not where ours wins, and we say all of the product anew."""
    return shop.conflict_policy != ConflictPolicy.OURS or not (work.wish.mode.whole and work.complete)


def _agreed(run: Run, works: Sequence[Work]) -> dict[int, Document]:
    if not works:
        return {}
    query = select(SentDocument.link_id, SentDocument.document).where(
        SentDocument.link_id.in_([work.link.id for work in works])
    )
    with run.services.db.read() as session:
        return {number: unpack(content) for number, content in session.execute(query)}


def _decide(shop: Shop, work: Work, stored: Document, agreed: Document) -> None:
    assert work.plan is not None  # noqa: S101 - chosen by look()
    changed_at = moment(str(stored.get("date_upd") or ""), shop.time_zone)
    remote = Remote(
        values=picked(stored, work.plan.document),
        untouched=changed_at is not None and changed_at == work.link.shop_changed_at,
        newer=changed_at is not None and changed_at > work.product.changed_at,
    )
    policy = shop.conflict_policy or ConflictPolicy.OURS
    decision = decide(policy, work.plan.document, agreed, work.link.seen or {}, remote)
    work.agreed, work.shown = agreed, dict(remote.values)
    _settle(work, {**_elsewhere(shop, work), **decision.conflict})
    if work.open and decision.kept:
        _keep(work, decision)


def _elsewhere(shop: Shop, work: Work) -> dict[str, Any]:
    """The conflict that is open in fields which this push does not speak of: a part of the product only was planned."""
    if shop.conflict_policy != ConflictPolicy.ASK or (work.wish.mode.whole and work.complete):
        return {}
    said = {name for name in canonical(work.document) if work.wish.mode.covers(name)}
    return {name: sides for name, sides in (work.link.conflict or {}).items() if name not in said}


def _settle(work: Work, conflict: dict[str, Any]) -> None:
    """Nothing of a product in conflict is sent before somebody decides; one that is in conflict no more goes on."""
    work.link.conflict = conflict or None
    if not conflict:
        return
    names = ", ".join(sorted(conflict))
    found = skipped(f"conflict: {names} changed both here and in the shop; decide under Conflicts")
    work.outcome = replace(found, operation="conflict", external_id=work.link.external_id)


def _keep(work: Work, decision: Decision) -> None:
    """The shop's values stay, and count as agreed on: they are left alone until ours change again."""
    assert work.plan is not None  # noqa: S101 - chosen by look()
    work.plan = replace(work.plan, document=decision.send)
    work.kept = decision.kept
    work.note = f"kept as changed in the shop: {', '.join(sorted(decision.kept))}"
    work.link.seen = {**(work.link.seen or {}), **marks(decision.kept)}
    if not decision.send:
        work.mark()
