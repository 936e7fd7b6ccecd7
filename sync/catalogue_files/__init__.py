"""Catalogue files: PrestaShop's product CSV, and folders of web service XML."""

from pathlib import Path

from sync.catalogue_files.csv_file import CsvFile
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
        return XmlFolder(path, options) if path.is_dir() else CsvFile(path, options)
    except OSError as error:
        raise CatalogueFileError(f"{path} cannot be read: {error.strerror}") from None
