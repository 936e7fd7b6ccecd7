"""Availability, quantities, prices and activation straight into a shop's MySQL or MariaDB."""

from sync.direct.change import Change, Written, change_of
from sync.direct.dry_run import DryRun
from sync.direct.route import ShopSql, open_route

__all__ = ["Change", "DryRun", "ShopSql", "Written", "change_of", "open_route"]
