"""Direct access to a shop's MySQL or MariaDB: connection, layout, rights. What is written is the caller's business."""

from prestashop_client.database.connection import Connection
from prestashop_client.database.examination import examine
from prestashop_client.database.layout import Layout, read_layout
from prestashop_client.database.settings import DatabaseSettings

__all__ = ["Connection", "DatabaseSettings", "Layout", "examine", "read_layout"]
