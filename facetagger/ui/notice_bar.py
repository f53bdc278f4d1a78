"""Where errors are shown: a strip above the page that covers nothing and goes when it is told."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from facetagger.errors import FaceTaggerError
from facetagger.ui.controls import IconButton, IconLabel, label
from facetagger.ui.icons import Icon
from facetagger.ui.theme import Space, ThemeManager


class NoticeBar(QFrame):
    def __init__(self, theme: ThemeManager) -> None:
        super().__init__()
        px = theme.current.px
        self.setProperty("role", "notice")
        self._title = label("", "strong", wraps=True)
        self._details = label("", wraps=True)
        close = IconButton(Icon.CLOSE, self.tr("Close"), theme, "text")
        close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(Space.L), px(Space.XS), px(Space.S), px(Space.XS))
        row.setSpacing(px(Space.M))
        row.addWidget(IconLabel(Icon.WARNING, theme, "amber"))
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(self._title)
        texts.addWidget(self._details)
        row.addLayout(texts, 1)
        row.addWidget(close)
        self.hide()

    @property
    def text(self) -> str:
        return " ".join(part for part in (self._title.text(), self._details.text()) if part)

    def show_error(self, error: FaceTaggerError) -> None:
        self._title.setText(error.title)
        self._details.setText(" ".join(part for part in (error.message, error.hint) if part))
        self._details.setVisible(bool(self._details.text()))
        self.setAccessibleName(str(error))
        self.show()
