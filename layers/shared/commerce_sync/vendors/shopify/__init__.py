"""Shopify: customers and their marketing consent (GraphQL Admin API, shopify.dev, one dated version).

Who writes consent imports :mod:`commerce_sync.vendors.shopify.consent` by name; few may.
"""

from commerce_sync.vendors.shopify.client import Shopify
from commerce_sync.vendors.shopify.customers import CustomerConsent, ShopConsent, ShopifyCustomers

__all__ = ["CustomerConsent", "ShopConsent", "Shopify", "ShopifyCustomers"]
