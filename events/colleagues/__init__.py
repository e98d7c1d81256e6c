"""*My colleagues*: the people of an organisation at trainings, seen, registered and replaced by its focal point."""
