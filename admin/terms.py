"""What is typed into a search box: words and qualifiers such as shop:cyan state:error."""

import re
from collections.abc import Collection

_TERM = re.compile(r'(?:(?P<key>[a-z]+):)?(?:"(?P<quoted>[^"]*)"|(?P<bare>\S+))')


def parse(text: str, keys: Collection[str]) -> tuple[str, dict[str, str]]:
    """The plain words, and the qualifiers among `keys`; "a:b" with any other key is a word like others.

    >>> parse('mug shop:cyan state:error', ("shop", "state"))
    ('mug', {'shop': 'cyan', 'state': 'error'})
    """
    words, found = [], {}
    for term in _TERM.finditer(text):
        key = term["key"]
        value = term["quoted"] if term["quoted"] is not None else term["bare"]
        if key in keys:
            found[key] = value
        else:
            words.append(f"{key}:{value}" if key else value)
    return " ".join(words), found
