"""Delivery: the order book, the promises made to vendors, and how they are kept."""
