"""Chaos: pushes and imports while workers, scheduler, broker and connections are killed and shops misbehave.

`make chaos` or `python -m tests.chaos --minutes 5 --seed 1`. The seed decides what is done and when, in that order.
"""

import tests.conftest  # noqa: F401 - the actors bind to its stub broker; messages go out by the world's own
