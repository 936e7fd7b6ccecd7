"""Import products: a shop's into the catalogue, with all that belongs to them."""

from sqlalchemy.orm import Session

from models import JobProgress
from sync.intake.chunk import import_chunk
from sync.intake.discover import discover
from sync.kinds import Kind

CHUNK = 300
"""Four requests for so many: 0.013 a product; half a second of the shop's work, so that others have their turn."""


def fill(_session: Session, _job: JobProgress) -> None:
    """Nothing yet: the shop knows which products there are, see sync.intake.discover."""


IMPORT = Kind("import", fill, import_chunk, prepare=discover, discovers=True, queue="import", chunk=CHUNK)
