"""One budget of calls for each vendor account and tier, shared by all functions; opt-outs draw first."""
