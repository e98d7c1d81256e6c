"""What editors write: the concrete page types, site settings and demo content."""
