"""The page of a trace's report: no kernel, no network, nothing to run for the words and tables.

Rule: every text is escaped here; names of types and scopes come from a stranger's program.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

from arenalab.advice.report import Report, Section, Table
from arenalab.draw.theme import EVERY_LOOK, Paper
from arenalab.explore.advice import Advice
from arenalab.explore.heap_movie import HeapMovie
from arenalab.player.chart_page import chart_html
from arenalab.player.saved import film_html, player_html, write_page
from arenalab.view.heap_steps import CYCLE

#: What a bar's parts mean, in the order of `Table.shares`: the look of each is one of the explorers'.
PARTS = (("dead in scope", "pointerful"), ("undecided", "free"), ("escapes", "red_zone"))
PAGE = (
    """<style>{style}</style><article class="arenalab-report"><p class="faint">{about}</p>{told}</article>"""
)
CHARTS = """<section><h2>Scopes and lifetimes: {} (recorded)</h2>
{}</section>"""
MOVIE = "The heap through time (recorded)"
THEMES: dict[str, Paper] = {"true": "light", "false": "dark"}  #: what a page says of itself.
MOST_STEPS = 60  #: collections that a page holds.


def save_report(path: Path, report: Report) -> Path:
    """Write a report as one page, whole or not at all.

    Raises:
        ScenarioError: it can't be written.

    """
    return write_page(
        path, f"Would an arena help? {Path(report.run.path).name}", page_of(report), player_html(charts=True)
    )


def page_of(report: Report) -> str:
    """Return the body of the page."""
    told = "".join(map(_section, report.sections()))
    return PAGE.format(
        style=_style(), about=escape(report.about()), told=told + _charts(report) + _movie(report)
    )


def _charts(report: Report) -> str:
    """Return the scopes as points and the lifetimes of their objects, to zoom and to point at."""
    if report.its is None or report.its.kind not in report.run.scopes():
        return ""
    explorer = Advice(report.run, kind=report.its.kind)
    try:
        chart = explorer.chart()
    finally:
        explorer.close()
    return CHARTS.format(escape(report.its.kind), chart_html(chart))


def _movie(report: Report) -> str:
    """Return the heap through time, a step for each collection; of very many the first."""
    kind = report.its.kind if report.its else ""
    movie = HeapMovie(report.run, kind=kind if kind in report.run.scopes() else None)
    try:
        packed = movie.film(unit=CYCLE, last=min(movie.steps.last, MOST_STEPS))
    finally:
        movie.close()
    left = movie.steps.last - MOST_STEPS
    cut_off = (
        f"<p>The first {MOST_STEPS} steps; {left:,} more in the explorer HeapMovie.</p>" if left > 0 else ""
    )
    return f"<section><h2>{MOVIE}</h2>{cut_off}{film_html(packed)}</section>"


def _section(section: Section) -> str:
    lines = "".join(f"<p>{_with_commands(line.strip())}</p>" for line in section.lines)
    return f"<section><h2>{escape(section.title)}</h2>{lines}{_table(section.table) if section.table else ''}</section>"


def _with_commands(line: str) -> str:
    """Return a line as HTML; what stands between backticks is something to type."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(line))


def _table(table: Table) -> str:
    heads = "".join(f"<th>{escape(head)}</th>" for head in table.heads)
    bars = [_bar(shares) for shares in table.shares] or [""] * len(table.rows)
    rows = "".join(
        f"<tr>{''.join(map(_cell, table.heads, row))}<td>{bar}</td></tr>"
        for row, bar in zip(table.rows, bars, strict=True)
    )
    return f"<table><thead><tr>{heads}<td>{_legend()}</td></tr></thead><tbody>{rows}</tbody></table>"


def _cell(head: str, cell: str) -> str:
    """Return a cell that knows its column: where there is little room, no heads stand above it."""
    return f'<td data-head="{escape(head)}">{escape(cell)}</td>'


def _bar(shares: tuple[float, ...]) -> str:
    """Return the parts of a whole as one bar; its words are for who can't see it, and for the pointer."""
    said = ", ".join(f"{name} {100 * share:.1f} %" for (name, _), share in zip(PARTS, shares, strict=True))
    parts = "".join(
        f'<i class="{look}" style="width:{100 * share:.3f}%"></i>'
        for (_, look), share in zip(PARTS, shares, strict=True)
    )
    return f'<span class="bar" role="img" aria-label="{escape(said)}" title="{escape(said)}">{parts}</span>'


def _legend() -> str:
    return "".join(f'<span class="key"><i class="{look}"></i>{escape(name)}</span>' for name, look in PARTS)


def _style() -> str:
    rule = '[data-jp-theme-light="{}"] .arenalab-report .{} {{ background: {}; }}'
    colours = [
        rule.format(truth, look, EVERY_LOOK[look].on(paper).fill)
        for _, look in PARTS
        for truth, paper in THEMES.items()
    ]
    return (Path(__file__).parent / "report.css").read_text(encoding="utf-8") + "".join(colours)
