"""Opening an import."""

from sqlalchemy.orm import Session

from models import JobProgress, JobType, Shop
from sync.intake.selection import ImportSelection
from sync.jobs import open_job

KIND = "import"


def open_import(
    session: Session,
    shop: Shop,
    selection: ImportSelection,
    *,
    user_id: int | None = None,
    parent_id: int | None = None,
) -> JobProgress:
    """Open a job that imports products from a shop. Raises ShopInactive."""
    params = {"selection": selection.as_params()}
    return open_job(
        session, KIND, JobType.IMPORT, "Import products", shop, params, user_id=user_id, parent_id=parent_id
    )
