"""The public edge: is a delivery really from who it says, and on which queue does it go.

Everything here runs in the intake's cold start, so it imports the standard library alone.
"""
