"""Lists of people who are to take a course: read, shown with all that is wrong, and only then written."""
