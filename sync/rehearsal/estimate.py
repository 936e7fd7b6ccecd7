"""How many requests a plan will take, and how long. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

MILLISECONDS = {
    ("POST", "products"): 9.7,
    ("PATCH", "products"): 9.5,
    ("PUT", "products"): 25.0,
    ("PATCH", "stock_availables"): 0.4,
    ("PUT", "stock_availables"): 0.4,
    ("POST", "images"): 120.0,
    ("DELETE", "products"): 29.0,
    ("DELETE", "images"): 22.0,
}
"""Of the shop's work for one entity in a batch (prestashop.md 10: PATCH of 50 products 477, of 500 stock rows 198)."""
USUAL = 10.0


@dataclass(frozen=True, slots=True)
class Cost:
    """What a part of a plan takes when it is applied: requests that read and that write, and seconds."""

    reads: int = 0
    writes: int = 0
    seconds: float = 0.0

    def plus(self, other: "Cost") -> "Cost":
        return Cost(self.reads + other.reads, self.writes + other.writes, self.seconds + other.seconds)


def cost(
    reads: int, reading: float, entities: Mapping[tuple[str, str], int], writes: Mapping[tuple[str, str], int],
    latency: float, pace: float | None = None,
) -> Cost:  # fmt: skip
    """`reads` requests took `reading` seconds when they were rehearsed and are made again; each write takes the shop's
    `latency` (seconds) and its entities their own time. A `pace` caps the requests per second."""
    requests = sum(writes.values())
    working = sum(number * MILLISECONDS.get(kind, USUAL) for kind, number in entities.items()) / 1000
    seconds = reading + working + requests * latency
    return Cost(reads, requests, max(seconds, (reads + requests) / pace) if pace else seconds)
