"""The pages lead somewhere, and name what is there."""

import re
import subprocess
from pathlib import Path

import pytest

from tasks.broker import QUEUES

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
        if "://" not in target:
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", [ROOT / "README.md", ROOT / "docs" / "architecture.md"], ids=lambda page: page.name)
def test_files_that_are_named_exist(page: Path) -> None:
    for name in re.findall(r"`((?:[a-z_]+/)+[a-z_]*(?:\.py)?|[a-z_]+\.py)`", page.read_text()):
        assert (ROOT / name).exists(), name


def test_each_page_is_linked_from_the_readme() -> None:
    readme = (ROOT / "README.md").read_text()
    for page in sorted((ROOT / "docs").glob("*.md")):
        assert f"(docs/{page.name})" in readme


def test_the_procfile_serves_every_queue_once_and_names_the_house() -> None:
    lines = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())
    assert list(lines) == ["web", "worker", "worker-imports", "scheduler"]
    served = [queue for line in lines.values() if "--queues" in line for queue in line.split("--queues ")[1].split()]
    assert sorted(served) == sorted(QUEUES)
    operations = (ROOT / "docs" / "operations.md").read_text()
    for name in lines:
        assert f"| `{name}` |" in operations


def test_make_help_lists_every_target() -> None:
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    listed = set(re.findall(r"^make (\w+)", done.stdout, re.MULTILINE))
    assert listed == {
        "help", "demo", "run", "test", "lint", "format", "messages", "chaos", "bench", "migrate", "requirements",
    }  # fmt: skip
    phony = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert phony
    assert set(phony[1].split()) == listed


def test_an_old_python_is_refused_in_words(tmp_path: Path) -> None:
    old = tmp_path / "python"
    old.write_text('#!/bin/sh\n[ "$1" = -V ] && echo "Python 3.9.2" && exit 0\nexit 1\n')
    old.chmod(0o755)
    (tmp_path / "Makefile").write_text((ROOT / "Makefile").read_text())
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "base.txt").write_text("")
    done = subprocess.run(["make", "demo", f"PYTHON={old}"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert f"Shopferry needs Python 3.11 or newer; {old} is Python 3.9.2." in done.stderr
    assert "make PYTHON=python3.12 demo" in done.stderr
