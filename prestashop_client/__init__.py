"""A client for PrestaShop's web service that loses no write and doubles none."""

from prestashop_client.client import PrestaShopClient
from prestashop_client.errors import PrestaShopError
from prestashop_client.verdict import Verdict
from prestashop_client.versions import Capabilities
from prestashop_client.xml import Document

__all__ = ["Capabilities", "Document", "PrestaShopClient", "PrestaShopError", "Verdict"]
