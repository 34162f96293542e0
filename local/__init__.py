"""The local stack: an AWS emulator with the real template deployed, and vendor sandboxes, all on loopback."""
