"""What notebooks that we write have in common: how they find their kernel, and what a saved one does not keep."""

WIDGET = "application/vnd.jupyter.widget-view+json"
#: BokehJS announces itself with these; they are scripts, megabytes long when inlined.
SCRIPTS = (
    "application/javascript",
    "application/vnd.bokehjs_load.v0+json",
    "application/vnd.bokehjs_exec.v0+json",
)
KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
METADATA = {"kernelspec": KERNELSPEC, "language_info": {"name": "python"}}
