"""The law of plain words: texts say things as Go engineers and authors of notebooks do."""

import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

#: Banned words as a regular expression -> what is written instead.
INSTEAD = {
    r"ordinary heap": "the Go heap, or the heap",
    r"\bat hand\b": "current, installed, available",
    r"zero base": "zerobase",
    r"\banew\b": "again; re-run, redrawn, rebuilt",
    r"nobody needs?\b": "who does not need it, or nothing",
    r"\bTake note (that|of)\b": "Handle, Record, Keep",
    r"\b[Ll]aws? of this (file|module|house|package)\b": "Rule: or Rules:",
    r"\b(is|are|be|being|been|was|were|gets?|as) told\b": "shown, sent, listed, reported, updated: what happens",
    r"\b(held|holds?|holding) (\S+ ){0,3}against\b": "compare with; check against",
    r"(?<![\w`-])carv(e|es|ed|ing)\b(?!-)": "allocate from the front, or the back",
    r"\bspeaks? of\b": "describe",
    r"\blets? go of (a|its|their|the)\b": "release, clear",
    r"\bwhose turn it is\b": "the mechanism",
    r"\bborn (black|marked)\b": "allocated black",
    r"\blearns of\b": "count, find",
    r"\bwhich is no \w+;": "unknown X; expected one of: ...",
    r"(?<!error); there is \w+, \w+,": "unknown X; expected one of: ...",
    r'"""Tell\b': "Return, Write, Describe, Report: what the function does",
    r'"""Say\b': "Return, Write, Describe, Report: what the function does",
    r'"""Look (again|whether|what)\b': "Read, Find, Check: what the function does",
    r"\bis no (bug|tool|answer|attempt|operation|file|setting|scenario|recording)\b": "is not a",
    r"\bbeside each other\b": "side by side",
    r"\babove each other\b": "stacked",
    r"\bto be had\b": "available",
    r"\bbehind the (last|first)\b": "after the last; the end",
    r"\bupon\b": "on",
    r"\bgladly\b": "nothing",
    r"\bthereof\b": "its",
    r"\bwherein\b": "in which, where",
    r"\bhitherto\b": "so far",
}
BANNED = [re.compile(banned) for banned in INSTEAD]
#: What may be missing of a match: groups, classes, what stands before ? or *.
VARIES = re.compile(r"\([^()]*\)(\{[^}]*\})?|\\.|\[[^]]*\]|.[?*]|[^A-Za-z\" ]")
PAGES = ("README.md", "CONTRIBUTING.md", "docs/*.md", "notebooks/*.py", "notebooks/*.md")


def plain_words(root: Path) -> list[str]:
    """Comments, docstrings and texts of the package, the documents and the notebooks use no banned word."""
    pages = [page for pattern in PAGES for page in sorted(root.parent.glob(pattern))]
    return [
        f"{path.relative_to(root if root in path.parents else root.parent)}:{line}: {found[0]!r}; write {instead}"
        for path in (*sorted(root.rglob("*.py")), *pages)
        for line, text, banned in _suspicious(path)
        for instead, found in [(INSTEAD[banned.pattern], banned.search(text))]
        if found
    ]


def _suspicious(path: Path) -> Iterator[tuple[int, str, re.Pattern[str]]]:
    """Yield the lines of a file with what may be in them: its plain letters are, which is found quickly."""
    source = path.read_text(encoding="utf-8")
    banned = [it for it in BANNED if _letters(it.pattern) in source and it.search(source)]
    for line, text in _texts(path, source) if banned else ():
        yield from ((line, text, it) for it in banned if _letters(it.pattern) in text)


@cache
def _letters(banned: str) -> str:
    return max(VARIES.sub("|", banned).split("|"), key=len)


def _texts(path: Path, source: str) -> Iterator[tuple[int, str]]:
    """Yield line by line, with its number, what a person reads in a file: all of a page, comments and texts of code."""
    if path.suffix != ".py":
        yield from enumerate(source.splitlines(), 1)
        return
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if tokenize.tok_name[token.type] in {"STRING", "COMMENT", "FSTRING_MIDDLE"}:
            yield from enumerate(token.string.splitlines(), token.start[0])
