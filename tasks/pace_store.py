"""The pace of a shop, shared by all processes over Redis: the shop is one, however many workers there are."""

import json
from collections.abc import Callable
from dataclasses import asdict

import redis

from prestashop_client.pace import PaceState

LIFETIME = 3600
"""Seconds after which a pace that nobody asks for is forgotten."""


class RedisPaceStore:
    """Keeps one shop's PaceState under one key; a change that another process was quicker with is made anew."""

    def __init__(self, client: redis.Redis, shop_id: int) -> None:
        self.client = client
        self.key = f"shopferry:pace:{shop_id}"

    def update(self, change: Callable[[PaceState], PaceState]) -> tuple[PaceState, PaceState]:
        with self.client.pipeline() as pipe:
            while True:
                try:
                    pipe.watch(self.key)
                    stored = pipe.get(self.key)
                    before = PaceState(**json.loads(stored)) if stored else PaceState()
                    after = change(before)
                    pipe.multi()
                    pipe.set(self.key, json.dumps(asdict(after)), ex=LIFETIME)
                    pipe.execute()
                    return before, after
                except redis.WatchError:
                    continue
