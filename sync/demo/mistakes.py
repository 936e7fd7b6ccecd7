"""Six products that PrestaShop refuses, each for another reason, so that there is something to mend in the demo."""

from dataclasses import replace
from decimal import Decimal

from sync.catalogue_files.records import ProductRecord


def with_text(record: ProductRecord, field: str, english: str, polish: str) -> ProductRecord:
    """The record with one text changed in both languages; [*] stands for the text that was there."""
    old = record.texts
    return replace(
        record,
        texts={
            "en": {**old["en"], field: english.replace("[*]", old["en"][field])},
            "pl": {**old["pl"], field: polish.replace("[*]", old["pl"][field])},
        },
    )


def _too_long(record: ProductRecord) -> ProductRecord:
    english = "<p>" + "This one is described at far too great a length. " * 20 + "</p>"
    polish = "<p>" + "Ten produkt ma zdecydowanie za długi opis skrócony. " * 20 + "</p>"
    return with_text(record, "description_short", english, polish)


def _with_video(record: ProductRecord) -> ProductRecord:
    video = '[*]<iframe src="https://video.example/watering"></iframe>'
    return with_text(record, "description", video, video)


MISTAKES = {
    "MUG-BRY-330-NV": lambda record: with_text(record, "name", "[*] <new glaze>", "[*] <nowe szkliwo>"),
    "KET-GWI-17-RD": lambda record: with_text(record, "name", "[*] {limited}", "[*] {limitowany}"),
    "BLA-RED-130-GY": _too_long,
    "LMP-SWI-35-WH": lambda record: replace(record, ean="29LAMP0035WH"),
    "POT-KOW-6-BK": lambda record: replace(record, price=Decimal("12345678901.00")),
    "CAN-ROS-6-GR": _with_video,
}
WRONG_SKUS = tuple(MISTAKES)


def as_sold(record: ProductRecord) -> ProductRecord:
    """The record as the demo has it: wrong, if it is one of the six."""
    spoil = MISTAKES.get(record.sku)
    return spoil(record) if spoil else record
