"""`/__sandbox__/...`: faults and the request log over HTTP, for programs that run the sandbox as a server."""

import json
from dataclasses import asdict
from typing import Any

from prestashop_client.sandbox.faults import Fault, Faults
from prestashop_client.sandbox.log import RequestLog

PREFIX = "/__sandbox__/"


def serve_control(faults: Faults, log: RequestLog, method: str, path: str, body: bytes) -> tuple[int, bytes]:
    """(status, JSON). GET, POST and DELETE of faults; GET and DELETE of requests."""
    what = path.removeprefix(PREFIX).strip("/")
    try:
        if what == "faults":
            return _faults(faults, method, body)
        if what == "requests":
            if method == "DELETE":
                log.clear()
            return 200, _dump([entry.as_dict() for entry in log])
    except (ValueError, TypeError) as wrong:
        return 400, _dump({"error": str(wrong)})
    return 404, _dump({"error": f"no {what!r}; there is faults and requests"})


def _faults(faults: Faults, method: str, body: bytes) -> tuple[int, bytes]:
    if method == "DELETE":
        faults.clear()
    elif method == "POST":
        asked = json.loads(body)
        for one in asked if isinstance(asked, list) else [asked]:
            faults.add(one.pop("kind"), **one)
    return 200, _dump({number: _shown(fault) for number, fault in faults.listed().items()})


def _shown(fault: Fault) -> dict[str, Any]:
    plain = Fault(fault.kind)
    return {"kind": fault.kind, **{k: v for k, v in asdict(fault).items() if v != getattr(plain, k)}}


def _dump(value: Any) -> bytes:
    return json.dumps(value).encode()
