"""Pixels in, faces and embeddings out: detector, alignment, embedders, the analysis pipeline."""
