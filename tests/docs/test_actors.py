"""docs/architecture.md lists every actor with its arguments and the queue that it waits in."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| `(\w+)\((.*?)\)` \| `(\w+)` \| (.+) \|$", re.MULTILINE)


def actors() -> Iterator[tuple[str, tuple[str, str]]]:
    """The functions with a queue, as they stand in the code."""
    for path in (ROOT / "tasks").glob("*.py"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and (queue := _queue(node)):
                yield node.name, (", ".join(each.arg for each in node.args.args), queue)


def _queue(node: ast.FunctionDef) -> str | None:
    calls = [each for each in node.decorator_list if isinstance(each, ast.Call)]
    named = [word.value for call in calls for word in call.keywords if word.arg == "queue_name"]
    return str(named[0].value) if named and isinstance(named[0], ast.Constant) else None


def test_every_actor_is_listed_and_every_listed_one_is_there() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text()
    listed = {name: (arguments, queue) for name, arguments, queue, _ in ROW.findall(page)}
    assert listed == dict(actors())
    assert len(listed) > 15
