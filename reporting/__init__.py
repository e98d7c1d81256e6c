"""What managers read: measures, disclosure control and exports."""
