"""From a shop into the catalogue: products with all that belongs to them, each found before it is made."""

from sync.intake.open import open_import
from sync.intake.selection import ImportSelection

__all__ = ["ImportSelection", "open_import"]
