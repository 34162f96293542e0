"""Recharge: the customers behind subscriptions (api.rechargeapps.com, 2021-11)."""

from commerce_sync.vendors.recharge.client import Recharge
from commerce_sync.vendors.recharge.records import RechargeRecords

__all__ = ["Recharge", "RechargeRecords"]
