"""A lane's two hands: both work, one error ends both, and the shop has one request at a time."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from models import Presence
from prestashop_client import PrestaShopClient
from prestashop_client.sandbox import Sandbox
from sync.hands import with_two_hands
from sync.services import Services


def nothing() -> None:
    """Nobody to stop."""


def present(services: Services) -> list[str]:
    with services.db.read() as session:
        return list(session.scalars(select(Presence.claimant)))


def test_both_hands_work_at_the_same_time_and_the_sooner_pause_counts(services: Services) -> None:
    together = threading.Barrier(2, timeout=20)
    pauses = {"lane": None, "lane+": 3.0}

    def loop(claimant: str) -> float | None:
        together.wait()
        return pauses[claimant]

    assert with_two_hands(services, "lane", loop, nothing) == 3.0
    assert present(services) == []


@pytest.mark.parametrize("clumsy", ["lane", "lane+"])
def test_an_error_of_one_hand_stops_the_other(services: Services, clumsy: str) -> None:
    stopped = threading.Event()

    def loop(claimant: str) -> float | None:
        if claimant == clumsy:
            raise LookupError(claimant)
        assert stopped.wait(20)
        return 0.0

    with pytest.raises(LookupError, match=clumsy.replace("+", r"\+")):
        with_two_hands(services, "lane", loop, stopped.set)
    assert present(services) == []


def test_a_client_lets_so_many_requests_through_at_once(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    most, under_way, lock = 0, 0, threading.Lock()
    with PrestaShopClient(sandbox.address, sandbox.key, at_once=1) as client:
        send: Callable[..., object] = client._transport.send

        def counted(request: object) -> object:
            nonlocal most, under_way
            with lock:
                under_way += 1
                most = max(most, under_way)
            try:
                return send(request)
            finally:
                with lock:
                    under_way -= 1

        monkeypatch.setattr(client._transport, "send", counted)
        sandbox.faults.add("latency", milliseconds=20)
        with ThreadPoolExecutor(4) as threads:
            list(threads.map(lambda _: client.count("products"), range(12)))
    assert most == 1
