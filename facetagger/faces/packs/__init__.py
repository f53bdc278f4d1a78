"""Model packs: other networks behind the protocols ``Embedder`` and ``Detector``, from files that the user gives.

A pack is a folder of ``manifest.json``, a weights file and a model card. ``manifest`` says what a pack is, ``store``
installs and lists packs, ``loading`` makes an embedder or a detector of one, ``inspection`` tries a file out in a
process of its own before it becomes a pack.

Invariants:

- Nothing is unpickled, no code from a file is run: of Keras files only arrays are read, or they load in safe mode.
- A weights file is hashed when it is installed and again whenever it is loaded; another file is refused.
- An embedder's model id names the weights and everything that is done to a chip, so that vectors of two recipes are
  never compared.
- Distances of every pack are scaled so that they read like those of the built-in model (``scaling``).
"""
