"""The recorded answers of a real PrestaShop 9.1.4, checked against the sandbox where the recording is at hand."""

import importlib.util
import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from prestashop_client.sandbox import Sandbox

from .shop import Shop

SHARED = Path(__file__).resolve().parents[5] / "shared"
CONTRACT = SHARED / "contract" / "contract.py"

pytestmark = pytest.mark.skipif(not CONTRACT.exists(), reason="the recorded contract is not beside the project")


def _checker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("contract", CONTRACT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_answers_as_recorded(capsys: pytest.CaptureFixture[str]) -> None:
    files = sorted(str(path) for path in (SHARED / "contract" / "cases").glob("*.json"))
    with Sandbox.running(load=SHARED / "data" / "prestashop-9.1-demo") as sandbox:
        wrong = _checker().run("check", sandbox.address, sandbox.key, files)
    said = capsys.readouterr().out
    assert wrong == 0, said
    assert "227 of 227 steps as recorded" in said


def test_the_demo_is_what_the_installation_made() -> None:
    with Sandbox.running(load=SHARED / "data" / "prestashop-9.1-demo") as sandbox:
        assert (sandbox.loaded["products"], sandbox.loaded["categories"], sandbox.loaded["stock_availables"]) == (
            19,
            9,
            58,
        )


def _objects(document: str) -> dict[str, str]:
    """The objects of a list by id, each as it is written."""
    node = re.search(r"<(\w+)>\n\t<id>", document)
    found = re.findall(rf"<{node.group(1)}>\n\t<id>.*?\n</{node.group(1)}>", document, re.DOTALL) if node else []
    return {re.findall(r"<id><!\[CDATA\[(\d+)", one)[0]: one for one in found}


def test_the_demo_reads_as_the_real_shop_gave_it(open_shop: Callable[..., Shop]) -> None:
    """To the letter, but for the home category, to which two categories had been added when it was read."""
    folder = SHARED / "data" / "prestashop-9.1-demo"
    shop = open_shop(load=folder)
    for path in sorted(folder.glob("*.xml")):
        given = shop.list(path.stem, display="full", sort="[id_ASC]").text.replace(
            "http://localhost", "http://shop.example"
        )
        real = _objects(path.read_text(encoding="utf-8"))
        differing = [key for key, one in _objects(given).items() if one != real[key]]
        assert differing == (["2"] if path.stem == "categories" else []), path.stem
