"""BigCommerce: the newsletter's list and orders (docs.bigcommerce.com; Subscribers V3, Orders V2)."""

from commerce_sync.vendors.bigcommerce.client import BigCommerce
from commerce_sync.vendors.bigcommerce.orders import BigCommerceOrders
from commerce_sync.vendors.bigcommerce.records import BigCommerceRecords
from commerce_sync.vendors.bigcommerce.subscribers import BigCommerceSubscribers, Subscriber

__all__ = ["BigCommerce", "BigCommerceOrders", "BigCommerceRecords", "BigCommerceSubscribers", "Subscriber"]
