"""Image files, kept by the sha256 of their content, so that the same file is kept once."""

import hashlib
import tempfile
from pathlib import Path


class MediaStore:
    """A folder of files named by their hash. Several machines share one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes) -> str:
        """Keep a file and return its sha256. A crash leaves no half file under a valid name."""
        digest = hashlib.sha256(content).hexdigest()
        target = self.path(digest)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as part:
                part.write(content)
            Path(part.name).replace(target)
        return digest

    def get(self, digest: str) -> bytes:
        """The content of a kept file. Raises FileNotFoundError where there is none."""
        return self.path(digest).read_bytes()

    def path(self, digest: str) -> Path:
        """Where a file of that hash lies."""
        return self.folder / digest[:2] / digest
