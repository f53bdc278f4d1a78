"""Networks that the user trains on photographs of their own: an embedding, and who is kin to whom.

- ``families``: the Families-in-the-Wild layout of people and kin pairs, and fair pairs to measure on.
- ``kinship_head``: the classifier over pairs of frozen embeddings; ``kinship_measuring`` cross-validates it by family.
- ``siamese_plan``, ``siamese_network``, ``siamese_pairs``, ``siamese_training``: a whole network fine-tuned on pairs of
  photos; ``kinship_network`` keeps it.

Invariants: people (or families) that are measured on were never trained on; nothing trained here ships with the
program; what is stored are arrays and models that are loaded in Keras' safe mode, never pickles.
"""
