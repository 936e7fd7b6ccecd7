"""Every session in the README prints what the README says."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import prestashop_client

README = Path(prestashop_client.__file__).parent / "README.md"


def sessions() -> str:
    return "\n".join(re.findall(r"```pycon\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL))


def test_the_readme_tells_the_truth():
    examples = doctest.DocTestParser().get_doctest(sessions(), {}, "README", str(README), 0)
    reported: list[str] = []
    runner = doctest.DocTestRunner()
    runner.run(examples, out=reported.append)
    shop, client = examples.globs.get("shop"), examples.globs.get("client")
    if client is not None:
        client.close()
    if shop is not None:
        shop.stop()
    assert not reported, "".join(reported)
    assert runner.tries > 30


def test_every_method_is_in_the_readme():
    text = README.read_text(encoding="utf-8")
    public = [name for name in vars(prestashop_client.PrestaShopClient) if not name.startswith("_")]
    assert [name for name in public if name not in text] == []
