"""BokehJS for pages that show charts: it comes from the kernel or stands in the page, and never from a network."""

from __future__ import annotations

from functools import cache

ID = "arenalab-bokeh"  #: of the element of a saved page in which player/src/bokeh.js looks for it.


@cache
def scripts() -> list[str]:
    """Return BokehJS, whole: about 1.3 MB of text, read once."""
    from bokeh.resources import Resources  # noqa: PLC0415  # half a second that most pages need not wait

    return list(Resources(mode="inline", components=["bokeh"]).js_raw)


def bokeh_html() -> str:
    """Return the part of a saved page that holds BokehJS, for all its charts; no text of it ends it early."""
    text = "\n".join(scripts()).replace("</script", "<\\/script")
    return f'<script type="text/plain" id="{ID}">{text}</script>'
