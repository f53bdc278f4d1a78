"""The names and shapes of the embedding models, importable without TensorFlow."""

from __future__ import annotations

from typing import Final

DLIB_RESNET: Final = "dlib-resnet-v1"
"""The model id that is stored with each embedding: network, alignment, mirrored average and L2 norm together."""

EMBEDDING_SIZE: Final = 128
CHIP_SIZE: Final = 150
"""Width and height in pixels of the chip that the network reads."""

MTCNN: Final = "mtcnn"
"""The detector that is built in."""
