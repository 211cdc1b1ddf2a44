"""Pictures of views: bokeh figures and SVG. Each file draws the view of the same name."""
