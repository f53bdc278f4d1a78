"""The window.

``bridge`` is the seam to the work: pages call ``Bridge.act`` and ``Bridge.fetch`` and listen to ``Bridge.changed``;
nothing here calls an operation in the window's own thread. ``executor`` is the pool of QThreads behind it, ``garbage``
collects what was dropped in the window's thread, ``images`` brings thumbnails and face crops as pixmaps, ``theme``
(from ``tokens`` and ``stylesheet``), ``icons`` and ``painting`` give everything its looks. ``main_window`` holds the
bars and the stack of pages.

Invariants: a view shows and asks, it holds no rule and reads no file; it refreshes from the ``Change`` it is given;
a result is matched by id and dropped when superseded; QImage in workers, QPixmap in the window; colours, lengths and
type come from the theme, actions with their shortcuts from ``actions``. A page is a QWidget made with
``(bridge, images, theme)`` that has ``refresh(change: Change | None)``, None meaning everything.
"""
