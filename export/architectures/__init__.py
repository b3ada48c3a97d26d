"""Networks by family, each loading its checkpoints in the format their authors publish."""
