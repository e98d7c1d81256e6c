"""Who is counted: participants, organisations, areas, code lists and consent."""
