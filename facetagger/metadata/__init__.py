"""Regions and names in XMP and IPTC: read, write. The only package that writes a photograph."""
