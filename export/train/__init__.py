"""How the shipped encoders learned: recorded commands, `python -m export.train.network PHOTOS`."""
