"""Pixels from files: find photographs, decode upright and bounded, hash image data, thumbnails and face crops.

``formats`` says what a photograph is and finds them in folders; ``opening`` is the one door to Pillow and pillow-heif,
with our limits on it; ``probe`` reads headers, ``decode`` pixels (``pixels`` brings every mode to RGB), ``hashing``
the image data without its metadata; ``tiff_samples`` and ``tiff_picture`` read scans in bands, whatever they count
their samples in; ``thumbnails`` keeps small pictures on disk. ``isolation`` runs in a process of its own what could
take the program down, which ``hazards`` decides.

Invariants: photographs are opened for reading only; sizes are checked before anything is decoded; whatever a file
contains, the outcome is a value or a ``PhotoError``, within seconds; decoded pixels are always RGB uint8, upright.
"""
