"""A stand-in for HTMLPurifier as PrestaShop configures it: what is left of a description once it is stored."""

from html import escape
from html.parser import HTMLParser

_ALLOWED = frozenset(
    (
        "a",
        "abbr",
        "acronym",
        "address",
        "b",
        "bdo",
        "big",
        "blockquote",
        "br",
        "caption",
        "center",
        "cite",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "dfn",
        "dir",
        "div",
        "dl",
        "dt",
        "em",
        "font",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "menu",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "tt",
        "u",
        "ul",
        "var",
    )
)
_DROPPED_WITH_CONTENT = frozenset(("script", "style", "svg", "iframe", "object", "embed", "textarea", "select"))
_VOID = frozenset(("br", "hr", "img", "col"))
_ATTRIBUTES = frozenset(
    (
        "href",
        "src",
        "alt",
        "title",
        "class",
        "style",
        "id",
        "target",
        "width",
        "height",
        "align",
        "valign",
        "border",
        "cellpadding",
        "cellspacing",
        "colspan",
        "rowspan",
        "bgcolor",
        "color",
        "face",
        "size",
        "lang",
        "dir",
        "cite",
        "name",
        "start",
        "type",
        "value",
        "summary",
        "abbr",
        "scope",
        "hspace",
        "vspace",
    )
)
_CLOSED_BY = {
    "li": ("li",),
    "p": ("p",),
    "td": ("td", "th"),
    "th": ("td", "th"),
    "tr": ("td", "th", "tr"),
    "dt": ("dt", "dd"),
    "dd": ("dt", "dd"),
}
_BLOCKS = frozenset(
    (
        "ul",
        "ol",
        "div",
        "table",
        "blockquote",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "pre",
        "dl",
        "hr",
        "p",
    )
)
_STYLES = frozenset(
    (
        "color",
        "background-color",
        "background",
        "text-align",
        "text-decoration",
        "font",
        "font-size",
        "font-family",
        "font-weight",
        "font-style",
        "margin",
        "margin-left",
        "margin-right",
        "margin-top",
        "margin-bottom",
        "padding",
        "padding-left",
        "padding-right",
        "padding-top",
        "padding-bottom",
        "border",
        "border-color",
        "border-style",
        "border-width",
        "width",
        "height",
        "line-height",
        "float",
        "clear",
        "vertical-align",
        "list-style-type",
        "text-indent",
        "text-transform",
        "letter-spacing",
    )
)
_COLOURS = {
    "maroon": "#800000",
    "red": "#FF0000",
    "orange": "#FFA500",
    "yellow": "#FFFF00",
    "olive": "#808000",
    "purple": "#800080",
    "fuchsia": "#FF00FF",
    "white": "#FFFFFF",
    "lime": "#00FF00",
    "green": "#008000",
    "navy": "#000080",
    "blue": "#0000FF",
    "aqua": "#00FFFF",
    "teal": "#008080",
    "black": "#000000",
    "silver": "#C0C0C0",
    "gray": "#808080",
}


def purify(markup: str) -> str:
    """The markup as it is stored: tags closed, unknown ones and scripts gone, entities spelt out."""
    text = markup.replace("\r\n", "\n").replace("\r", "\n")
    if "<" not in text and "&" not in text and ">" not in text:
        return text
    cleaner = _Cleaner()
    cleaner.feed(text)
    cleaner.close()
    return cleaner.finish()


class _Cleaner(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._out: list[str] = []
        self._open: list[str] = []
        self._skipping = 0

    def finish(self) -> str:
        while self._open:
            self._out.append(f"</{self._open.pop()}>")
        return "".join(self._out)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _DROPPED_WITH_CONTENT:
            self._skipping += 1
        if self._skipping or tag not in _ALLOWED:
            return
        self._close_before(tag)
        attributes = _attributes(tag, attrs)
        if tag == "img" and not any(name == "src" for name, _ in attributes):
            return
        inside = "".join(f' {name}="{escape(value)}"' for name, value in attributes)
        self._out.append(f"<{tag}{inside} />" if tag in _VOID else f"<{tag}{inside}>")
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _DROPPED_WITH_CONTENT:
            self._skipping = max(0, self._skipping - 1)
        elif not self._skipping and tag in self._open:
            while True:
                closed = self._open.pop()
                self._out.append(f"</{closed}>")
                if closed == tag:
                    break

    def handle_data(self, data: str) -> None:
        if not self._skipping:
            self._out.append(escape(data, quote=False))

    def _close_before(self, tag: str) -> None:
        rivals = _CLOSED_BY.get(tag, ())
        if self._open and (self._open[-1] in rivals or (self._open[-1] == "p" and tag in _BLOCKS)):
            self._out.append(f"</{self._open.pop()}>")


def _attributes(tag: str, attrs: list[tuple[str, str | None]]) -> list[tuple[str, str]]:
    kept: list[tuple[str, str]] = []
    for name, value in attrs:
        clean = _style(value or "") if name == "style" else (value or "")
        if name not in _ATTRIBUTES or (name == "style" and not clean):
            continue
        if name in ("href", "src") and clean.strip().lower().startswith(("data:", "javascript:", "vbscript:")):
            continue
        kept.append((name, clean))
    if tag == "a" and ("target", "_blank") in kept:
        kept.append(("rel", "noreferrer noopener"))
    if tag == "img" and not any(name == "alt" for name, _ in kept):
        source = next((value for name, value in kept if name == "src"), "")
        kept.append(("alt", source.rsplit("/", 1)[-1]))
    return kept


def _style(style: str) -> str:
    kept = []
    for rule in style.split(";"):
        name, _, value = (part.strip() for part in rule.partition(":"))
        if name.lower() in _STYLES and value:
            kept.append(f"{name.lower()}:{_COLOURS.get(value.lower(), value)};")
    return "".join(kept)
