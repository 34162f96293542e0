"""Joins HubSpot, Klaviyo and online stores: one identity, one consent ledger, one truth about orders."""
