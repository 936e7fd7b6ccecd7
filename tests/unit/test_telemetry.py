"""Log lines: readable in development, one JSON object each in production, never with a secret."""

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemetry import redact
from tests.processes import ROOT

LINES = """
import structlog, telemetry, logging
from settings import Settings
telemetry.configure(Settings(env={env!r}))
with structlog.contextvars.bound_contextvars(job=7, shop="Cyan"):
    structlog.get_logger("ours").warning("not pushed", sku="MUG-1")
    logging.getLogger("theirs").error("GET http://shop/api?ws_key=%s failed", "K" * 32)
try:
    1 / 0
except ZeroDivisionError:
    structlog.get_logger("ours").exception("broken")
"""


def logged(env: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", LINES.format(env=env)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stderr.strip().splitlines()


def test_production_logs_one_json_object_a_line() -> None:
    first, second, third = (json.loads(line) for line in logged("production"))
    assert (first["event"], first["job"], first["shop"], first["sku"]) == ("not pushed", 7, "Cyan", "MUG-1")
    assert first["level"] == "warning"
    assert second["event"] == "GET http://shop/api?ws_key=*** failed"
    assert second["job"] == 7
    assert "ZeroDivisionError" in third["exception"]


def test_development_logs_lines_to_read() -> None:
    line = logged("development")[0]
    assert "not pushed" in line
    assert "sku=MUG-1" in line
    assert "job=7" in line


@pytest.mark.parametrize(
    "text",
    ["http://shop/api?ws_key={}&a=b", "password={}", "redis://user:{}@127.0.0.1/0", "passwd={} and more"],
)
@given(secret=st.text(st.characters(categories=["L", "N"]), min_size=6))
def test_no_secret_reaches_a_line(text: str, secret: str) -> None:
    event = redact(None, "info", {"event": text.format(secret)})
    assert secret not in event["event"]


def test_an_addresss_port_is_no_secret() -> None:
    event = redact(None, "info", {"event": "the broker is at redis://127.0.0.1:6379/0"})
    assert event["event"] == "the broker is at redis://127.0.0.1:6379/0"
