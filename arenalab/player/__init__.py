"""The player: one page that shows pictures step by step, in a notebook, in a saved file and on the site.

The kernel answers frames (`page.Player`), a saved page has them all with it (`film.film`). What is shown comes from
a `host.Host`; the page itself is JavaScript, built from `player/` into `static/`.
"""
