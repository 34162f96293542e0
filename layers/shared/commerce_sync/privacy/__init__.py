"""Privacy: forgetting a person or a shop everywhere, telling a person what is known, and the proof of both."""
