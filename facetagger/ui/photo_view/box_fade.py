"""Boxes that fade out while the pointer rests, so that the photograph can be seen."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QTimer, QVariantAnimation, Signal

_REST_MS: Final = 2000
_FADE_MS: Final = 250


class BoxFade(QObject):
    """``opacity`` is 1 while boxes are seen and 0 when they have faded."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._opacity = 1.0
        self._is_held = False
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self.fade)
        self._fading = QVariantAnimation(self, duration=_FADE_MS, startValue=1.0, endValue=0.0)
        self._fading.valueChanged.connect(self._set_opacity)

    @property
    def opacity(self) -> float:
        return self._opacity

    @property
    def is_about_to_fade(self) -> bool:
        """Whether boxes will fade when the pointer goes on resting."""
        return self._rest.isActive()

    def hold(self, is_held: bool) -> None:
        """Whether boxes stay although the pointer rests."""
        self._is_held = is_held
        self.wake()

    def wake(self) -> None:
        """Brings the boxes back; unless they are held they fade again when the pointer has rested."""
        self._fading.stop()
        self._set_opacity(1.0)
        if self._is_held:
            self._rest.stop()
        else:
            self._rest.start()

    def fade(self) -> None:
        self._rest.stop()
        self._fading.start()

    def _set_opacity(self, opacity: float) -> None:
        if opacity != self._opacity:
            self._opacity = opacity
            self.changed.emit()
