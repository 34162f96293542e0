"""Shopify: customers and their marketing consent (GraphQL Admin API, shopify.dev, one dated version)."""

from commerce_sync.vendors.shopify.client import Shopify
from commerce_sync.vendors.shopify.customers import CustomerConsent, ShopConsent, ShopifyCustomers

__all__ = ["CustomerConsent", "ShopConsent", "Shopify", "ShopifyCustomers"]
