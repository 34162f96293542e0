"""A shop's day: invented people, real-shaped deliveries, and what must come of them."""
