"""What is owed to people: messages, their language, their state and their retries."""
