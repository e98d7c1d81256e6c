"""Courses without a network: what a phone keeps of them, and what it sends when the line is back."""
