"""The errors of one request, as WebserviceRequest gathers them, and PHP's ways of leaving a function early."""

from dataclasses import dataclass, field

_WEBSERVICE = "/var/www/html/classes/webservice/WebserviceRequest.php"


class Refused(Exception):
    """Raised after an error has been noted, where PrestaShop returns false."""


class Crash(Exception):
    """Raised where PHP throws and nobody catches: the answer is 500 with an empty body."""


@dataclass
class Errors:
    """The errors in the order in which they came; the last status wins."""

    warnings_are_errors: bool
    status: int = 200
    noted: list[tuple[int, str]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.noted)

    def add(self, status: int, message: str, code: int) -> None:
        """Note an error and go on."""
        self.status = status
        self.noted.append((code, message))

    def refuse(self, status: int, message: str, code: int) -> Refused:
        """Note an error; raise what this returns."""
        self.add(status, message, code)
        return Refused(message)

    def warn(self, message: str, line: int, file: str = _WEBSERVICE) -> None:
        """A PHP warning: an error of code 3 where display_errors is off, nothing elsewhere."""
        if self.warnings_are_errors:
            self.add(500, f"[PHP Warning #2] {message} ({file}, line {line})", 3)
