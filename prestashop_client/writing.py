"""What every write shares: its request, its limits, when to give up, and the local refusals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from prestashop_client.errors import (
    AuthenticationRefused,
    BadAnswer,
    InsecureConnection,
    LocalRefusal,
    PrestaShopError,
    RateLimited,
    RedirectRefused,
    RequestRefused,
    ShopUnavailable,
    TimedOut,
    TooLarge,
    Unreachable,
    WebserviceOff,
)
from prestashop_client.exchange import Exchange
from prestashop_client.reading import Reader
from prestashop_client.resources import Resource
from prestashop_client.sizes import BatchSizes
from prestashop_client.verdict import Verdict, not_written
from prestashop_client.wire import Request
from prestashop_client.xml import Document, documents, entity_xml, envelope

# After these nothing was written, and another request would only hear the same.
HALTING = (
    Unreachable,
    RateLimited,
    WebserviceOff,
    InsecureConnection,
    RedirectRefused,
    AuthenticationRefused,
    RequestRefused,
)
UNREADABLE_XML = 127
# Failures in a row that are the shop's, before the rest is left for later: a dead shop counts 4, an answer that
# says nothing counts 1, because a single entity may cause it (a category whose parent does not exist does).
DEAD, DUMB, PATIENCE = 4, 1, 12
SETTLE = (1.0, 2.0, 4.0)  # seconds between looks while the shop may still be working on a request


@dataclass(slots=True)
class Write:
    """One `*_many` call under way: the documents, the verdicts so far, and who sends.

    usual: the batch that `most` starts from and may grow beyond, 0 where the caller says how many.
    size: entities a request, halved and doubled with what happens in this call; `sizes` learns across calls.
    problems: what PrestaShop's rules have against a document. tree_stale: a request of categories failed after it
    had saved some, which leaves the tree not rebuilt until the next category write.
    """

    exchange: Exchange
    reader: Reader
    resource: Resource
    method: str
    documents: Sequence[Document]
    most: int
    usual: int
    sizes: BatchSizes
    problems: Callable[[Document], Sequence[LocalRefusal]]
    size: int = 0
    fragments: dict[int, str] = field(default_factory=dict)
    tree_stale: bool = False
    verdicts: dict[int, Verdict] = field(default_factory=dict)
    strikes: int = 0

    def __post_init__(self) -> None:
        self.size = self.most

    def next_group(self, waiting: list[int]) -> list[int]:
        """The first of `waiting`, as many as one request may hold now."""
        name, method = self.resource.name, self.method
        if self.usual and self.size == self.most:
            self.size = self.most = self.sizes.worth(name, method, self.usual, self.exchange.round_trip)
        return waiting[: min(self.size, self.sizes.limit(name, method, self.most))]

    def send(self, group: Sequence[int]) -> list[Document]:
        """One request with the group's entities; the shop's document for each, in order. Raises the error tree."""
        entities = [self.documents[index] for index in group]
        body = envelope(self.fragments[index] for index in group)
        ids = tuple(entity["id"] for entity in entities if "id" in entity)
        name = self.resource.name
        path = f"{name}/{ids[0]}" if len(ids) == len(entities) == 1 else name
        request = Request(self.method, path, name, ids=ids, body=body, entities=len(entities))
        answers = self._answers(request)
        if len(answers) != len(entities) or not all(isinstance(answer.get("id"), int) for answer in answers):
            raise BadAnswer(
                f"{len(answers)} entities in the answer to {len(entities)}",
                method=self.method,
                resource=name,
                ids=ids,
                maybe_written=True,
            )
        self.tree_stale = False
        return answers

    def _answers(self, request: Request) -> list[Document]:
        try:
            root, answer = self.exchange.answered(request)
        except (TooLarge, TimedOut):
            self.sizes.too_much(self.resource.name, self.method, request.entities)
            raise
        self.sizes.took(self.resource.name, self.method, request.entities, answer.seconds)
        return documents(root, self.resource.node)

    def open(self) -> list[int]:
        """The indexes without a verdict, in order."""
        return [index for index in range(len(self.documents)) if index not in self.verdicts]

    def refuse_locally(self) -> None:
        """The XML of every document, or its verdict where it must not be sent as it is."""
        for index, entity in enumerate(self.documents):
            try:
                check_document(self.resource, entity, self.method)
                self.fragments[index] = entity_xml(self.resource.node, entity)
                problems = list(self.problems(entity))
            except LocalRefusal as refusal:
                problems = [refusal]
            if problems:
                self.verdicts[index] = Verdict("refused", entity.get("id"), problems[0])

    def halt(self, error: PrestaShopError) -> None:
        """Nothing more can be done now: every entity without a verdict was not written."""
        for index in self.open():
            self.verdicts[index] = not_written(error, self.documents[index].get("id"))

    def went_well(self) -> None:
        self.strikes = 0
        self.size = min(self.most, self.size * 2)

    def shrink(self) -> None:
        self.size = max(1, self.size // 2)

    def strike(self, error: PrestaShopError) -> bool:
        """Count a failure of the shop's, not of an entity's. True: it has failed enough, leave the rest for later."""
        if isinstance(error, ShopUnavailable):
            self.strikes += DEAD
        elif isinstance(error, BadAnswer) and not error.codes:
            self.strikes += DUMB
        return self.strikes >= PATIENCE

    def result(self) -> list[Verdict]:
        return [self.verdicts[index] for index in range(len(self.documents))]


def check_document(resource: Resource, entity: Mapping[str, Any], method: str) -> None:
    """Refuse what the shop refuses, or worse, takes: read-only fields, ids where there must be none."""
    if method == "POST" and entity.get("id"):
        raise LocalRefusal("a new entity has no id", field="id", remedy="the shop assigns it", resource=resource.name)
    if method != "POST" and not _is_id(entity.get("id")):
        raise LocalRefusal("the id is missing", field="id", remedy="give the shop's id", resource=resource.name)
    for field_name, remedy in resource.forbidden:
        if field_name in entity:
            raise LocalRefusal("cannot be written", field=field_name, remedy=remedy, resource=resource.name)
    for field_name in resource.read_only:
        if field_name in entity:
            raise LocalRefusal("is read-only", field=field_name, remedy="leave it out", resource=resource.name)


def halts(error: PrestaShopError) -> bool:
    """Whether nothing was written and the next request would only hear the same."""
    if isinstance(error, TooLarge) or UNREADABLE_XML in error.codes:
        return False
    return isinstance(error, HALTING)


def may_still_run(error: PrestaShopError) -> bool:
    """Whether PHP may still be at work: no answer came at all, or a proxy lost patience."""
    return isinstance(error, TimedOut) or (isinstance(error, ShopUnavailable) and error.status is None)


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0
