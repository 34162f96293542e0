"""Where a vendor's link to its next page may lead: back to where we were, and nowhere else."""

import pytest
from commerce_sync.errors import PermanentError
from commerce_sync.vendors.links import query_of

ADDRESS = "https://a.klaviyo.com/api/profiles"


@pytest.mark.parametrize(
    "link",
    [
        f"{ADDRESS}?page%5Bcursor%5D=bmV4dA%3D%3D&sort=id",
        f"{ADDRESS}/?page%5Bcursor%5D=bmV4dA%3D%3D&sort=id",
        "https://A.Klaviyo.com/api/profiles?page%5Bcursor%5D=bmV4dA%3D%3D&sort=id",
    ],
)
def test_a_link_back_lends_its_query_as_it_is(link: str) -> None:
    """Nothing is decoded or put in order; the slash at the path's end is Klaviyo's habit."""
    assert query_of(link, ADDRESS) == "page%5Bcursor%5D=bmV4dA%3D%3D&sort=id"


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example.com/api/profiles?page=2",
        "https://a.klaviyo.com.evil.example.com/api/profiles?page=2",
        "https://a.klaviyo.com@evil.example.com/api/profiles?page=2",
        "https://user:secret@a.klaviyo.com/api/profiles?page=2",
        "https://a.klaviyo.com:8443/api/profiles?page=2",
        "http://a.klaviyo.com/api/profiles?page=2",
        "https://a.klaviyo.com/api/accounts?page=2",
        "https://a.klaviyo.com/api/profiles/../accounts?page=2",
        "https://a.klaviyo.com\\@evil.example.com/api/profiles?page=2",
        "https://169.254.169.254/api/profiles?page=2",
        "https://2852039166/api/profiles?page=2",
        "https://[::1]/api/profiles?page=2",
        "https://[::1/api/profiles?page=2",
        "//evil.example.com/api/profiles?page=2",
        "/api/profiles?page=2",
        "file:///api/profiles",
        "",
    ],
)
def test_a_link_elsewhere_is_refused_and_not_repeated(link: str) -> None:
    """Another scheme, host, port, path, or no address at all; the error says nothing of it."""
    with pytest.raises(PermanentError, match="link to the next page") as refusal:
        query_of(link, ADDRESS)
    assert "evil" not in str(refusal.value)
    assert "secret" not in str(refusal.value)
