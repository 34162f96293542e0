"""Recharge: subscriptions that changed, and the customers behind them (api.rechargeapps.com, 2021-11)."""

from commerce_sync.vendors.recharge.client import Recharge
from commerce_sync.vendors.recharge.records import RechargeRecords
from commerce_sync.vendors.recharge.subscriptions import RechargeSubscriptions
from commerce_sync.vendors.recharge.webhooks import RechargeWebhooks

__all__ = ["Recharge", "RechargeRecords", "RechargeSubscriptions", "RechargeWebhooks"]
