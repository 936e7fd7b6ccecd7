"""The demo catalogue: some 400 products in two languages, a few of them wrong on purpose. The same on every run."""

from sync.demo.catalogue import DemoCatalogue
from sync.demo.mistakes import WRONG_SKUS

__all__ = ["WRONG_SKUS", "DemoCatalogue"]
