"""Addresses in templates: built once where they are of the product's own making."""

from flask import Flask

from tracker.views.rendering import _built, address_of


def test_address_is_built_once(app: Flask) -> None:
    with app.test_request_context():
        _built.cache_clear()
        assert [address_of("issues.show", key="TK-1", as_of=None) for _ in range(3)] == ["/issues/TK-1"] * 3
        assert _built.cache_info().misses == 1


def test_what_somebody_typed_is_not_kept(app: Flask) -> None:
    with app.test_request_context():
        _built.cache_clear()
        long = "w" * 101
        assert address_of("issues.show", key="TK-1", q=long) == f"/issues/TK-1?q={long}"
        assert address_of("issues.show", key="TK-1", q=["a", "b"]) == "/issues/TK-1?q=a&q=b"
        assert address_of("issues.show", key="TK-1", _anchor="status") == "/issues/TK-1#status"
        assert _built.cache_info().currsize == 0
