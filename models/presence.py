"""Who is at work: claims belong to somebody, and are free again when nobody is left who gives a sign of life."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import TABLE_OPTIONS, Base


class Presence(Base):
    """A claimant at work in a process: `beats` counts on while that process lives.

    A count, not a time: whether it moves can be told without trusting any machine's clock.
    """

    __tablename__ = "presences"
    __table_args__ = (TABLE_OPTIONS,)

    claimant: Mapped[str] = mapped_column(String(64), primary_key=True)
    process: Mapped[str] = mapped_column(String(64), index=True)
    beats: Mapped[int] = mapped_column(default=0)
