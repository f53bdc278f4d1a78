"""One photo with its faces: look, zoom, name, draw, turn.

``viewport``, ``labels`` and ``placement`` are arithmetic on rectangles; ``contents`` reads a photo with its faces in
one go off the window's thread; ``painting`` draws a face by its state, ``overlay`` all of them; ``zoom_canvas`` shows
pixels, ``canvas`` faces upon them, and neither knows the library; ``picture`` brings the pixels. ``naming_flow`` goes
from face to face and turns answers into acts, ``page`` goes from photo to photo; both work through the ``Bridge``.

Invariants: boxes are upright and normalised until they are painted; what arrives for another photo, rotation or size
is dropped; zoom and the active face survive every refresh of the same photo.
"""
