"""Secrets at rest: encrypted with the first key, readable with any of them, so that keys can be changed."""

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from sync.errors import SecretUnreadable


class Vault:
    """Encrypts and decrypts short texts. Keys are 32 bytes in URL-safe base64, the newest first."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def encrypt(self, text: str) -> str:
        """The text as a token that only the keys open."""
        return self._fernet.encrypt(text.encode()).decode()

    def decrypt(self, token: str) -> str:
        """The text of a token. Raises SecretUnreadable when no key fits."""
        try:
            return self._fernet.decrypt(token.encode()).decode()
        except InvalidToken:
            raise SecretUnreadable(
                "a stored secret cannot be read with the present keys; put the old key into"
                " SHOPFERRY_ENCRYPTION_KEYS again or enter the secret anew"
            ) from None


def new_key() -> str:
    """A fresh random key."""
    return Fernet.generate_key().decode()
