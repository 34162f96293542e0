"""Shopify: customers and their marketing consent, what stands behind thin webhooks (Admin API, one dated version).

Who writes consent imports :mod:`commerce_sync.vendors.shopify.consent` by name; few may.
"""

from commerce_sync.vendors.shopify.client import Shopify
from commerce_sync.vendors.shopify.customers import CustomerConsent, ShopConsent, ShopifyCustomers
from commerce_sync.vendors.shopify.orders import ShopifyOrders
from commerce_sync.vendors.shopify.people import ShopifyPeople
from commerce_sync.vendors.shopify.records import ShopifyRecords
from commerce_sync.vendors.shopify.webhooks import ShopifyWebhooks

__all__ = [
    "CustomerConsent",
    "ShopConsent",
    "Shopify",
    "ShopifyCustomers",
    "ShopifyOrders",
    "ShopifyPeople",
    "ShopifyRecords",
    "ShopifyWebhooks",
]
