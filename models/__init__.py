"""The tables of Shopferry, as plain SQLAlchemy classes."""

from models.availability import LinkCandidate, ShopAvailability, ShopDatabase
from models.base import Base
from models.catalogue import Category, Product, ProductImage, ProductOverride, product_categories
from models.engine import Database
from models.history import ItemChange, SentDocument
from models.jobs import ItemStatus, JobItem, JobProgress, JobStatus, JobType
from models.links import DepartedProduct, ProductSyncStatus, SyncLog, SyncStatus
from models.messages import DeadMessage, DeadStatus, Delivery, QueuePause
from models.presence import Presence
from models.schedules import Schedule
from models.shops import ConflictPolicy, MappingType, RemovalPolicy, Shop, ShopHealth, ShopMapping, ShopSlot
from models.suppliers import Feed, FeedChunk, FeedRow, MissingBehavior, Offer, Supplier
from models.types import now
from models.users import User
from models.variants import Combination, CombinationLink, ProductFeature, SpecificPrice, SpecificPriceLink

__all__ = [
    "Base", "Category", "Combination", "CombinationLink", "ConflictPolicy", "Database", "DeadMessage", "DeadStatus",
    "Delivery", "DepartedProduct", "Feed", "FeedChunk", "FeedRow", "ItemChange", "ItemStatus", "JobItem", "JobProgress",
    "JobStatus", "JobType",
    "LinkCandidate", "MappingType", "MissingBehavior", "Offer", "Presence", "Product", "ProductFeature", "ProductImage",
    "ProductOverride", "ProductSyncStatus", "QueuePause", "RemovalPolicy", "Schedule", "SentDocument", "Shop",
    "ShopAvailability", "ShopDatabase", "ShopHealth", "ShopMapping", "ShopSlot", "SpecificPrice",
    "SpecificPriceLink", "Supplier", "SyncLog", "SyncStatus", "User", "now", "product_categories",
]  # fmt: skip
