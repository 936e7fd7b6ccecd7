"""How figures are printed: the machine first, then one line a figure with what it is to reach."""

import os
import platform
from pathlib import Path


def machine() -> str:
    """Processor, cores, memory, Python."""
    return f"{_processor()}, {os.cpu_count()} cores, {_memory_gb():.0f} GB, Python {platform.python_version()}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def _memory_gb() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def figure(what: str, value: str, goal: str = "", reached: bool | None = None) -> bool:
    """Print one figure; whether it is what it should be."""
    mark = {True: "ok  ", False: "MISS", None: "    "}[reached]
    print(f"{mark} {what:<66} {value:>20}  {goal}", flush=True)
    return reached is not False
