"""All photos, an album, a person's photos, what a search found: rows of pictures under headings.

``contents`` says which photos, as ids (read on a worker); ``layout`` is pure arithmetic, ids and shapes in, rectangles
out, in document coordinates; ``rows`` knows shapes and badges; ``grid`` scrolls, paints and selects; ``page`` adds the
filter row and talks to the bridge.

Invariants: a row holds no more than ids and shapes, badges are fetched for what is painted; nothing grows with the
number of photos but four arrays; a change of the contents keeps the photo under the reader's eye where it is.
"""
