"""Networks that the user trains on photographs of their own: an embedding, and who is kin to whom.

- ``families``: the Families-in-the-Wild layout of people and kin pairs, and fair pairs to measure on.
- ``kinship_head``: the classifier over pairs of frozen embeddings; ``kinship_measuring`` cross-validates it by family.

Invariants: people (or families) that are measured on were never trained on; nothing trained here ships with the
program; what is stored are arrays, never pickles.
"""
