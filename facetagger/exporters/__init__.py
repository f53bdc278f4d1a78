"""What leaves the program: copies of photos with names, sidecars, tables.

``export.export`` takes ``ExportItem`` values (``items``), so exporters know neither the library nor how a selection
came about. ``photos`` and ``tables`` make the formats; ``destination`` is the only way to a file below the folder.

Invariants:

- Nothing is written outside the destination, whatever albums and files are called, and nothing into a folder that holds
  originals. Originals are only read.
- A file that is there is never overwritten with other content: it is the same photo, exported before, and only gains
  what is new; or it stays and ours gets " (2)". Exporting the same again changes nothing.
- A file appears under its name when it is complete. One bad photo is skipped with a reason; a full disk ends the
  export.
- Only confirmed names leave as names. Suggestions appear in tables, as suggestions.
"""
