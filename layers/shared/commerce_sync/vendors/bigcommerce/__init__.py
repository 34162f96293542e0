"""BigCommerce: the newsletter's list, orders, customers (docs.bigcommerce.com; Orders by V2, the others by V3)."""

from commerce_sync.vendors.bigcommerce.client import BigCommerce
from commerce_sync.vendors.bigcommerce.customers import BigCommerceCustomers
from commerce_sync.vendors.bigcommerce.orders import BigCommerceOrders
from commerce_sync.vendors.bigcommerce.records import BigCommerceRecords
from commerce_sync.vendors.bigcommerce.subscribers import BigCommerceSubscribers, Subscriber
from commerce_sync.vendors.bigcommerce.webhooks import BigCommerceWebhooks

__all__ = [
    "BigCommerce",
    "BigCommerceCustomers",
    "BigCommerceOrders",
    "BigCommerceRecords",
    "BigCommerceSubscribers",
    "BigCommerceWebhooks",
    "Subscriber",
]
