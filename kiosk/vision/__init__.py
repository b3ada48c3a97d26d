"""From pixels to embeddings: gate, preprocessing, encoders and their model folders."""
