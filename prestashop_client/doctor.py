"""The shop doctor: what may go wrong with a shop, each examined, with the evidence and what to do about it.

Nothing is written; about twenty-five small requests. The checks stand in `checks_access` (how far a request gets),
`checks_shop` (how the shop is set up) and `checks_data` (what lies in it).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from prestashop_client.answers import error_of
from prestashop_client.errors import PrestaShopError
from prestashop_client.exchange import Exchange
from prestashop_client.probe import Probe, Prober
from prestashop_client.reading import Reader
from prestashop_client.wire import Answer, Request

State = Literal["good", "warning", "bad", "unknown"]


@dataclass(frozen=True, slots=True)
class Check:
    """One finding. `evidence`: what was seen. `remedy`: one sentence, empty when all is well."""

    name: str
    state: State
    evidence: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.state:8} {self.name}: {self.evidence}" + (f" -> {self.remedy}" if self.remedy else "")


@dataclass(slots=True)
class Patient:
    """A shop under examination, and what was seen at the door.

    root, root_error: the answer to GET /api as it came, and the error that it means. probe, probe_error: the same
    for the whole probe. languages: iso codes that the caller needs. needs: resource -> methods that it uses.
    """

    exchange: Exchange
    reader: Reader
    languages: Sequence[str] = ()
    needs: dict[str, set[str]] = field(default_factory=dict)
    root: Answer | None = None
    root_error: PrestaShopError | None = None
    probe: Probe | None = None
    probe_error: PrestaShopError | None = None

    def look(self) -> None:
        """See how far a request gets, once without any help and once with the client's own."""
        transport = self.exchange.transport
        request = Request("GET", "", "api")
        try:
            self.root = transport.send(request)
            if self.root.status != 200:
                self.root_error = error_of(request, self.root, transport.key)
        except PrestaShopError as error:
            self.root_error = error
        try:
            self.probe = Prober(self.exchange, self.reader).run()
        except PrestaShopError as error:
            self.probe_error = error

    @property
    def door(self) -> PrestaShopError | None:
        """Why nobody gets in, None where somebody does."""
        return self.probe_error


Examine = Callable[[Patient], Check]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All checks, in the order of examination."""

    checks: tuple[Check, ...]

    @property
    def healthy(self) -> bool:
        return not any(check.state == "bad" for check in self.checks)

    def of(self, name: str) -> Check:
        """The check called `name`. Raises KeyError."""
        for check in self.checks:
            if check.name == name:
                return check
        raise KeyError(name)

    def __str__(self) -> str:
        return "\n".join(map(str, self.checks))


def examine(patient: Patient, checks: Sequence[tuple[str, Examine]]) -> Diagnosis:
    """Every check once; one that cannot be made because of an error is unknown, with that error as evidence."""
    patient.look()
    return Diagnosis(tuple(_made(name, check, patient) for name, check in checks))


def _made(name: str, check: Examine, patient: Patient) -> Check:
    try:
        return check(patient)
    except PrestaShopError as error:
        return Check(name, "unknown", f"not examined: {error}")


def good(name: str, evidence: str) -> Check:
    return Check(name, "good", evidence)


def warning(name: str, evidence: str, remedy: str) -> Check:
    return Check(name, "warning", evidence, remedy)


def bad(name: str, evidence: str, remedy: str) -> Check:
    return Check(name, "bad", evidence, remedy)


def inside(patient: Patient) -> Probe:
    """The probe's findings. Raises the error that kept it out."""
    if patient.probe is None:
        raise patient.probe_error or PrestaShopError("the shop was not probed")
    return patient.probe
