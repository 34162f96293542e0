"""Comparing what vendors' own store apps told with what the stores told us. It reads, and changes nothing."""
