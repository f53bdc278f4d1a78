"""The first page: what the program is for, one button, and the two things people fear for."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from facetagger import paths
from facetagger.entities import Change
from facetagger.ui.controls import IconLabel, button, frame, label
from facetagger.ui.icons import Icon
from facetagger.ui.theme import Space, ThemeManager

_PRINTS: Final = (("1", -7.0, 4.0), ("2", 4.0, 0.0), ("3", -3.0, 3.0), ("4", 7.0, 0.0))
"""Drawing, angle in degrees, how much lower it lies."""
_WIDTH: Final = 560


class Prints(QWidget):
    """Four prints, as if laid on a table."""

    def __init__(self, theme: ThemeManager) -> None:
        super().__init__()
        self._theme = theme
        self._drawings = [QSvgRenderer(str(paths.resource(f"portraits/{name}.svg")), self) for name, _, _ in _PRINTS]
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        px = self._theme.current.px
        return QSize(px(340), px(116))

    def paintEvent(self, _event: QPaintEvent) -> None:
        px = self._theme.current.px
        side, step = px(84), px(76)
        left = (self.width() - step * (len(_PRINTS) - 1)) / 2
        with QPainter(self) as painter:
            painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
            for number, (drawing, (_, angle, drop)) in enumerate(zip(self._drawings, _PRINTS, strict=True)):
                painter.save()
                painter.translate(QPointF(left + step * number, self.height() / 2 + px(drop)))
                painter.rotate(angle)
                self._paint_print(painter, drawing, side)
                painter.restore()

    def _paint_print(self, painter: QPainter, drawing: QSvgRenderer, side: int) -> None:
        px = self._theme.current.px
        picture = QRectF(-side / 2, -side / 2, side, side)
        border = px(4)
        sheet = picture.adjusted(-border, -border, border, border)
        painter.setPen(Qt.PenStyle.NoPen)
        for spread, opacity in ((3, 10), (2, 14), (1, 18)):
            painter.setBrush(QColor(0, 0, 0, opacity))
            painter.drawRoundedRect(sheet.adjusted(-spread, 0, spread, 2 * spread), px(6), px(6))
        painter.setBrush(QColor("white"))
        painter.drawRoundedRect(sheet, px(5), px(5))
        drawing.render(painter, picture)


class StartPage(QWidget):
    folder_requested = Signal()
    sample_requested = Signal()

    def __init__(self, theme: ThemeManager) -> None:
        super().__init__()
        px = theme.current.px
        column = QVBoxLayout()
        column.setSpacing(px(Space.M))
        column.addStretch(3)
        column.addWidget(Prints(theme))
        column.addSpacing(px(Space.S))
        title = label(self.tr("Who is in your photographs?"), "title")
        lead = label(
            self.tr(
                "Choose a folder of scans. facetagger finds the faces, you name each person a few times, "
                "and it asks about the rest."
            ),
            "lead",
            wraps=True,
        )
        for each in (title, lead):
            each.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(each)
        column.addSpacing(px(Space.S))
        column.addLayout(self._build_buttons(px(Space.M)))
        hint = label(self.tr("or drop folders here"), "muted")
        hint.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(hint)
        self.look_harder = QCheckBox(self.tr("Look harder: for small, faint and lying faces too. It takes longer."))
        column.addWidget(self.look_harder, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(px(Space.XS))
        column.addWidget(self._build_promise(theme))
        column.addStretch(4)
        row = QHBoxLayout(self)
        row.addStretch()
        panel = QWidget()
        panel.setLayout(column)
        panel.setFixedWidth(px(_WIDTH))
        row.addWidget(panel)
        row.addStretch()

    def refresh(self, change: Change | None) -> None:
        """Nothing on this page hangs on the library."""

    def _build_buttons(self, gap: int) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(gap)
        row.addStretch()
        self.choose = button(self.tr("Choose a folder"), "primary-large", self.folder_requested.emit)
        self.sample = button(self.tr("Try the sample album"), "large", self.sample_requested.emit)
        row.addWidget(self.choose)
        row.addWidget(self.sample)
        row.addStretch()
        return row

    def _build_promise(self, theme: ThemeManager) -> QWidget:
        px = theme.current.px
        card = frame("card")
        row = QHBoxLayout(card)
        row.setContentsMargins(px(Space.L), px(Space.M), px(Space.L), px(Space.M))
        row.setSpacing(px(Space.M))
        row.addWidget(IconLabel(Icon.LOCK, theme, "accent"))
        row.addWidget(label(self.tr("Your photographs are never changed, and nothing leaves this computer.")), 1)
        return card
