"""Shop addresses as people type them."""


def bare_address(value: str | None) -> str:
    """The shop's address without /api and slashes at its end."""
    return (value or "").strip().rstrip("/").removesuffix("/api").rstrip("/")
