"""A course that leaves its place: as a copy beside it, or as one file for another site (`oberih-course/1`).

`describing` says what a course is, `building` makes a course of what was said. A copy is the two without a file between.
"""
