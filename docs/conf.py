"""Sphinx for the documentation site. `make docs` assembles the sources (tools/docs) and runs it on them."""

from tools.docs import hooks

project, author = "ArenaLab", "ArenaLab contributors"
project_copyright = "ArenaLab contributors, BSD-3-Clause"
extensions = ["sphinx.ext.autodoc", "myst_nb"]
exclude_patterns = ["conf.py"]
root_doc = "index"

# Pages are Markdown; notebooks are shown with the outputs that they were saved with, nothing is run.
nb_execution_mode = "off"
nb_ipywidgets_js = {}  # widgets need a kernel; their scripts would come from a CDN
nb_mime_priority_overrides = [("html", "text/html", 0), ("html", "image/png", 5), ("html", "text/plain", 50)]
myst_heading_anchors = 4  # links to a heading, as Git hosts make them
myst_enable_extensions = ["colon_fence", "deflist", "fieldlist"]
suppress_warnings = [
    "mystnb.unknown_mime_type",
    "misc.highlighting_failure",
]  # a listing of Go may be cut by …

# The reference: docstrings, in the order of the source; what a type holds is told by comments beside its fields.
autodoc_default_options = {"members": True, "member-order": "bysource", "ignore-module-all": True}
autodoc_typehints_format = "short"
autodoc_use_type_comments = False  # there are none; to look for them takes a tenth of the build
autoclass_content = "both"  # a class's docstring, then what making one takes and raises
autodoc_inherit_docstrings = False
python_use_unqualified_type_names = True
maximum_signature_line_length = 90
add_module_names = False
toc_object_entries = False  # each page has a table of its names; thousands of entries would take minutes

html_theme = "furo"
html_title = "ArenaLab"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False
html_theme_options = {"navigation_with_keys": True}
pygments_style, pygments_dark_style = "xcode", "monokai"


def setup(app):  # noqa: ANN001, ANN201, D103  # Sphinx's own
    hooks.connect(app)
