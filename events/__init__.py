"""What is held: events, sessions, registrations and their waiting list."""
