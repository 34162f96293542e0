"""Where a vendor's link to its next page may lead: back to where we were, and nowhere else."""

from urllib.parse import urlsplit

from commerce_sync.errors import PermanentError


def query_of(link: str, address: str) -> str:
    """The query of a link that leads to this address (a slash at the path's end aside), and nowhere else."""
    try:
        given, ours = urlsplit(link), urlsplit(address)
    except ValueError:
        raise PermanentError("the link to the next page is no address") from None
    same_host = (given.scheme, given.netloc.lower()) == (ours.scheme, ours.netloc.lower())
    if not same_host or given.path.rstrip("/") != ours.path.rstrip("/"):
        raise PermanentError("the link to the next page leads elsewhere")
    return given.query
