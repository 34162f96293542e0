"""WooCommerce: orders, refunds, customers, webhooks (woocommerce.github.io/woocommerce-rest-api-docs, v3)."""

from commerce_sync.vendors.woocommerce.client import WooCommerce
from commerce_sync.vendors.woocommerce.customers import WooCommerceCustomers
from commerce_sync.vendors.woocommerce.orders import WooCommerceOrders
from commerce_sync.vendors.woocommerce.records import WooCommerceRecords
from commerce_sync.vendors.woocommerce.webhooks import WooCommerceWebhooks, switch_on_again

__all__ = [
    "WooCommerce",
    "WooCommerceCustomers",
    "WooCommerceOrders",
    "WooCommerceRecords",
    "WooCommerceWebhooks",
    "switch_on_again",
]
