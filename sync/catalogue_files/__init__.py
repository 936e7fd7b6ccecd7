"""Catalogue files: PrestaShop's product CSV, and folders of web service XML."""

import csv
from pathlib import Path

from sync.catalogue_files.csv_combinations import CombinationsFile, is_combinations
from sync.catalogue_files.csv_file import LONGEST_HEADER, CsvFile
from sync.catalogue_files.csv_text import encoding_of
from sync.catalogue_files.options import Options, Prices
from sync.catalogue_files.records import CatalogueFile, CatalogueFileError, Outcome, Result
from sync.catalogue_files.write import load
from sync.catalogue_files.xml_folder import XmlFolder

__all__ = ["CatalogueFile", "CatalogueFileError", "Options", "Outcome", "Prices", "Result", "load", "open_catalogue"]


def open_catalogue(path: Path, options: Options) -> CatalogueFile:
    """The reader for a CSV file or a folder of XML documents. Raises CatalogueFileError."""
    if path.suffix.lower() == ".xml" and path.is_file():
        raise CatalogueFileError(f"{path} is one XML document; give the folder with products.xml, languages.xml ...")
    try:
        if path.is_dir():
            return XmlFolder(path, options)
        return CombinationsFile(path, options) if _has_combinations(path, options) else CsvFile(path, options)
    except OSError as error:
        raise CatalogueFileError(f"{path} cannot be read: {error.strerror}") from None


def _has_combinations(path: Path, options: Options) -> bool:
    """Whether the header is that of PrestaShop's combinations CSV."""
    encoding = options.encoding or encoding_of(path, options.language)[0]
    try:
        with path.open("r", encoding=encoding, errors="replace", newline="") as text:
            first = text.readline(LONGEST_HEADER)
    except LookupError:
        return False  # CsvFile says that there is no such encoding
    return any(is_combinations(next(csv.reader([first], delimiter=mark), [])) for mark in ";,\t|")
