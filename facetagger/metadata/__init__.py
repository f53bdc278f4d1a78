"""Regions and names in XMP and IPTC: read, write. The only package that writes a photograph.

An XMP packet is edited as the XML that it is: ``rdf`` finds and changes properties in every form RDF allows,
``dialects`` knows how each program words a region, ``merge`` brings names into a packet. So what nobody here
understands is carried over untouched. ``container`` moves packets in and out of image files through exiv2, ``sidecar``
keeps them beside the photo, ``picasa`` reads that program's own files. Others call ``read``, ``write`` and ``sidecar``.

Invariants:

- Boxes are normalised in the *stored* frame at this border, in both directions. No orientation is applied here.
- Only our own statements are replaced: those about a face we now write, and those that an earlier run recorded as ours.
- A file is replaced only after its image data was compared with what it was before; a sidecar only after it was parsed.
- Reading never raises for what is inside a file: damaged metadata gives nothing and a line in the log, without names.
- exiv2 is not thread-safe: every call happens inside one lock.
"""
