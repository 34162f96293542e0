"""The vendors' APIs: requests as they want them, errors as we name them. They know contracts and nothing of slices."""
