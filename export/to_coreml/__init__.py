"""Networks to Core ML packages that an iPhone runs."""
