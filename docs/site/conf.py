"""Sphinx's settings of the site; docs/site/build.py runs it."""

project = "Nexus"
author = "The Nexus authors"
copyright = "The Nexus authors"
extensions = ["myst_parser", "sphinx_copybutton"]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = "Nexus"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False
html_permalinks_icon = "#"
# Commands are copied without their prompt, and without what they print.
copybutton_prompt_text = "$ "
copybutton_only_copy_prompt_lines = True
copybutton_exclude = ".linenos, .gp, .go"
pygments_style = "tango"
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 90
c_maximum_signature_line_length = 90
# `make site-links`: addresses that respond to nobody but their own callers, or that the sandbox gives out.
linkcheck_ignore = [r"https?://(127\.0\.0\.1|localhost)"]
linkcheck_timeout = 20
