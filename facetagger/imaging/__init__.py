"""Pixels from files: decode upright and bounded, hash image data, thumbnails and face crops."""
