"""From camera frames to what the customer sees."""
