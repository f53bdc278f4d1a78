"""Embeddings in, names out: the per-person SVC, the open-set gate, groups, questions, evaluation."""
