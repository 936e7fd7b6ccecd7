"""The formats of feeds that are known, and which of them a file is."""

from collections.abc import Collection
from dataclasses import dataclass

from sync.suppliers.feed_options import FeedOptions
from sync.suppliers.presets.ceneo import CENEO
from sync.suppliers.presets.iof import IOF
from sync.suppliers.presets.preset import Preset
from sync.suppliers.presets.prestashop import COMBINATIONS, PRODUCTS
from sync.suppliers.presets.product_feed import FACEBOOK_CSV, FACEBOOK_XML, GOOGLE_CSV, GOOGLE_XML

PRESETS: dict[str, Preset] = {
    preset.name: preset
    for preset in (CENEO, GOOGLE_XML, FACEBOOK_XML, GOOGLE_CSV, FACEBOOK_CSV, PRODUCTS, COMBINATIONS, IOF)
}
RECORD_PATHS = tuple(dict.fromkeys(path for preset in PRESETS.values() for path in reversed(preset.record_paths)))
"""Where the known formats in XML have their records; of several the outermost counts."""
__all__ = ["PRESETS", "RECORD_PATHS", "Preset", "Recognised", "recognise"]


@dataclass(frozen=True, slots=True)
class Recognised:
    """A preset that a file looks like, and how surely, from 0 to 1."""

    preset: Preset
    confidence: float


def recognise(options: FeedOptions, headers: Collection[str]) -> tuple[Recognised, ...]:
    """The presets that a file with these (detected) options and headers may be, the likeliest first."""
    weighed = (
        Recognised(preset, preset.confidence(options.format or "", options.record_path, headers))
        for preset in PRESETS.values()
    )
    return tuple(sorted((each for each in weighed if each.confidence > 0), key=lambda each: -each.confidence))
