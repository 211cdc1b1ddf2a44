"""The families of questions, one module a chapter; `arenalab.course.registry` finds them."""
