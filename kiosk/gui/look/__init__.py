"""The camera screen and its result card."""
