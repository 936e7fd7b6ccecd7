"""A PrestaShop web service for tests and demonstrations: `with Sandbox.running() as sandbox: ...`."""

from prestashop_client.sandbox.faults import Fault, Faults
from prestashop_client.sandbox.log import Entry, RequestLog
from prestashop_client.sandbox.sandbox import DEFAULT_KEY, Sandbox

__all__ = ["DEFAULT_KEY", "Entry", "Fault", "Faults", "RequestLog", "Sandbox"]
