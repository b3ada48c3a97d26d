"""From pixels to embeddings: models and their files, encoders, and judgements of frames."""
