"""What a shop is told about what can be ordered."""
