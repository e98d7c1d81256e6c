"""Courses made elsewhere. Nothing in a package is trusted: neither its archive, nor its scripts, nor what it reports."""
