"""The tables of Shopferry, as plain SQLAlchemy classes."""

from models.base import Base
from models.catalogue import Category, Product, ProductImage, ProductOverride, product_categories
from models.engine import Database
from models.jobs import ItemStatus, JobItem, JobProgress, JobStatus, JobType
from models.links import ProductSyncStatus, SyncLog, SyncStatus
from models.shops import ConflictPolicy, MappingType, Shop, ShopHealth, ShopMapping, ShopSlot
from models.types import now
from models.users import User

__all__ = [
    "Base", "Category", "ConflictPolicy", "Database", "ItemStatus", "JobItem", "JobProgress", "JobStatus", "JobType",
    "MappingType", "Product", "ProductImage", "ProductOverride", "ProductSyncStatus", "Shop", "ShopHealth",
    "ShopMapping", "ShopSlot", "SyncLog", "SyncStatus", "User", "now", "product_categories",
]  # fmt: skip
