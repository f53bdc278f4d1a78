"""The application's style sheet, built from the tokens.

A widget asks for its looks with the dynamic property ``role``: ``button.setProperty("role", "primary")``.
Buttons: none (secondary), ``primary``, ``quiet``, ``large`` and ``primary-large``; labels: ``title``, ``question``,
``heading``, ``lead``, ``muted``, ``meta``, ``label``, ``strong``; frames: ``card``, ``bar``, ``sidebar``, ``key``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from string import Template
from typing import Final

from facetagger.ui.tokens import Colours, Radius, Space, TextSize

_SHEET: Final = Template(
    """
QToolTip { background: $surface; color: $text; border: 1px solid $line; padding: ${xs}px ${s}px; }
QMainWindow, QDialog { background: $background; }
QMainWindow::separator { width: 0; height: 0; }

QFrame[role="card"] { background: $surface; border: 1px solid $line; border-radius: ${card}px; }
QFrame[role="bar"], QFrame[role="sidebar"] { background: $surface; border: 0 solid $line; }
QFrame[role="bar"][edge="bottom"] { border-bottom-width: 1px; }
QFrame[role="bar"][edge="top"] { border-top-width: 1px; }
QFrame[role="sidebar"] { border-right-width: 1px; }
QFrame[role="notice"] { background: $amber_soft; border: none; }
QFrame[role="asking"] { background: $accent_soft; border: none; }

QLabel#qt_msgbox_label { font-weight: 600; }
QLabel[role="title"] { font-size: ${title}px; font-weight: 600; }
QLabel[role="question"] { font-size: ${question}px; font-weight: 600; }
QLabel[role="heading"] { font-size: ${heading}px; font-weight: 600; }
QLabel[role="lead"] { font-size: ${lead}px; color: $muted; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="meta"] { font-size: ${meta}px; color: $muted; }
QLabel[role="label"] { font-size: ${label}px; font-weight: 600; color: $muted; }
QLabel[role="key"] {
    font-size: ${label}px; font-weight: 600; color: $text; background: $surface;
    border: 1px solid $line; border-bottom-width: 2px; border-radius: ${picture}px; padding: 1px ${key_pad}px;
}

QPushButton {
    background: $surface; color: $text; border: 1px solid $line; border-radius: ${control}px;
    padding: 0 ${m}px; min-height: ${button}px;
}
QPushButton:hover { background: $hover; }
QPushButton:pressed, QPushButton:checked { background: $accent_soft; }
QPushButton:focus { border: 1px solid $accent; }
QPushButton:disabled { color: $faint; }
QPushButton[role="primary"], QPushButton[role="primary-large"] {
    background: $accent; color: $on_accent; border: 1px solid $accent;
}
QPushButton[role="primary"]:hover, QPushButton[role="primary-large"]:hover,
QPushButton[role="primary"]:pressed, QPushButton[role="primary-large"]:pressed {
    background: $accent_strong; border-color: $accent_strong;
}
QPushButton[role="primary"]:focus, QPushButton[role="primary-large"]:focus { border: 2px solid $accent_soft; }
QPushButton[role="primary"]:disabled, QPushButton[role="primary-large"]:disabled {
    background: $line; color: $muted; border-color: $line;
}
QPushButton[role="large"], QPushButton[role="primary-large"] {
    font-size: ${lead}px; min-height: ${large_button}px; padding: 0 ${xl}px;
}
QPushButton[role="quiet"] {
    background: transparent; border: 1px solid transparent; color: $muted; padding: 0 ${s}px; min-height: ${quiet}px;
}
QPushButton[role="quiet"]:hover { color: $text; background: $hover; }
QPushButton[role="quiet"]:focus { border: 1px solid $accent; }
QPushButton[role="quiet"]:checked { color: $accent; background: $accent_soft; }
QPushButton::menu-indicator { image: none; width: 0; }

QToolButton {
    background: transparent; color: $muted; border: 1px solid transparent; border-radius: ${control}px;
    padding: ${xs}px ${s}px; min-height: ${tool}px;
}
QToolButton:hover, QToolButton:pressed, QToolButton:open { background: $hover; color: $text; }
QToolButton:focus { border: 1px solid $accent; }
QToolButton:checked { background: $accent_soft; color: $accent; }
QToolButton::menu-indicator { image: none; width: 0; }

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox {
    background: $raised; color: $text; border: 1px solid $line; border-radius: ${control}px;
    padding: 0 ${s}px; selection-background-color: $accent; selection-color: $on_accent;
}
QLineEdit { min-height: ${button}px; }
QPlainTextEdit, QTextEdit { padding: ${xs}px; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus { border: 1px solid $accent; }

QLineEdit[role="search"] { padding: 0 2px; }
QLineEdit QToolButton { padding: 0; border: none; min-height: 0; background: transparent; }

QComboBox[role="choice"] {
    background: $surface; color: $text; border: 1px solid $line; border-radius: ${control}px;
    padding: 0 ${s}px; min-height: ${button}px;
}
QComboBox[role="choice"]:hover { background: $hover; }
QComboBox[role="choice"]:focus { border: 1px solid $accent; }
QComboBox[role="choice"]::drop-down { border: none; width: ${xl}px; }
QComboBox[role="choice"]::down-arrow { image: none; }
QComboBox QAbstractItemView, QListView[role="completer"] {
    background: $surface; color: $text; border: 1px solid $line; padding: ${xs}px; outline: none;
    selection-background-color: $accent_soft; selection-color: $text;
}
QListView[role="completer"] { padding: 0; }
QListView[role="completer"]::item { min-height: ${button}px; padding: 0 ${s}px; border-radius: ${control}px; }
QListView[role="completer"]::item:selected { background: $accent_soft; color: $text; }

QMenuBar { background: $surface; color: $text; }
QMenuBar::item { padding: ${xs}px ${s}px; background: transparent; border-radius: ${picture}px; }
QMenuBar::item:selected { background: $hover; }
QMenu { background: $surface; color: $text; border: 1px solid $line; padding: ${xs}px; }
QMenu::item { padding: ${menu_pad}px ${xl}px ${menu_pad}px ${m}px; border-radius: ${picture}px; }
QMenu::item:selected { background: $accent_soft; color: $text; }
QMenu::item:disabled { color: $faint; }
QMenu::icon { padding-left: ${s}px; }
QMenu::separator { height: 1px; background: $line; margin: ${xs}px ${s}px; }

QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: none; }
QAbstractScrollArea { border: none; }
QAbstractScrollArea::corner { background: transparent; }
QScrollBar:vertical { background: transparent; width: ${scroll}px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: ${scroll}px; margin: 0; }
QScrollBar::handle { background: $scroll_handle; border-radius: ${scroll_radius}px; margin: 2px; }
QScrollBar::handle:vertical { min-height: ${button}px; }
QScrollBar::handle:horizontal { min-width: ${button}px; }
QScrollBar::handle:hover { background: $faint; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: none; }

QSlider { min-height: ${tool}px; }
QSlider::groove:horizontal { height: ${groove}px; background: $line; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $muted; border-radius: 2px; }
QSlider::handle:horizontal {
    width: ${knob}px; height: ${knob}px; margin: -${knob_out}px 0; border-radius: ${knob_half}px; background: $muted;
}
QSlider::handle:horizontal:hover, QSlider::handle:horizontal:focus { background: $accent; }

QProgressBar { background: $line; border: none; border-radius: 2px; max-height: ${groove}px; min-height: ${groove}px; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }

QCheckBox, QRadioButton { spacing: ${s}px; min-height: ${tool}px; }
QRadioButton::indicator {
    width: ${dot}px; height: ${dot}px; border: 1px solid $muted; border-radius: ${dot_radius}px; background: $raised;
}
QRadioButton::indicator:hover, QRadioButton::indicator:focus { border-color: $accent; }
QRadioButton::indicator:checked {
    width: ${dot_inner}px; height: ${dot_inner}px; border: ${dot_ring}px solid $accent; background: $on_accent;
}
QTableView, QListView, QTreeView { background: $surface; border: 1px solid $line; border-radius: ${control}px; }
QTableView::item { padding: ${xs}px ${s}px; }
QTableView::item:selected { background: $accent_soft; color: $text; }
QHeaderView::section {
    background: $surface; color: $muted; border: none; border-bottom: 1px solid $line; padding: ${xs}px ${s}px;
}
"""
)


def stylesheet(colours: Colours, px: Callable[[float], int]) -> str:
    """The sheet for one colour scheme; ``px`` scales lengths of the design to the user's font."""
    lengths: dict[str, float] = {each.name.lower(): each.value for each in (*TextSize, *Space, *Radius)}
    lengths |= {
        "button": 30,
        "large_button": 42,
        "quiet": 26,
        "tool": 20,
        "groove": 4,
        "menu_pad": 6,
        "key_pad": 5,
    }
    scaled = {name: str(px(length)) for name, length in lengths.items()}
    scaled |= _rounded_ends(px)
    return _SHEET.substitute(asdict(colours), scroll_handle=colours.line, **scaled)


def _rounded_ends(px: Callable[[float], int]) -> dict[str, str]:
    """Lengths that hang together: Qt leaves corners square whose radius is more than half of the side."""
    knob_half, scroll_radius, dot_inner, dot_ring = px(6), px(3), 2 * px(3), px(5)
    return {
        "knob": str(2 * knob_half),
        "knob_half": str(knob_half),
        "knob_out": str(knob_half - px(4) // 2),
        "dot": str(dot_inner + 2 * dot_ring - 2),
        "dot_inner": str(dot_inner),
        "dot_ring": str(dot_ring),
        "dot_radius": str(dot_inner // 2 + dot_ring),
        "scroll": str(2 * scroll_radius + 4),
        "scroll_radius": str(scroll_radius),
    }
