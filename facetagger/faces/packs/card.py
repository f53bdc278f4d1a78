"""The page that lies beside an installed model: what it is, where it is from, and how it did when it was tried."""

from __future__ import annotations

from facetagger.faces.packs.manifest import Manifest, Normalisation, PackKind


def model_card(pack: Manifest, result: str) -> str:
    lines = [
        f"# {pack.title}",
        "",
        f"- Kind: {pack.kind}, {pack.format}",
        f"- File: {pack.file}, SHA-256 {pack.sha256}",
        f"- Source: {pack.source or 'not stated'}",
        f"- Licence: {pack.licence or 'not stated; find out before you pass it on'}",
    ]
    if pack.kind is PackKind.EMBEDDER:
        lines += [f"- Model id: {pack.model_id}", *_recipe(pack)]
    lines += ["", "## Self-test", "", result, ""]
    return "\n".join(lines)


def _recipe(pack: Manifest) -> list[str]:
    pixels = f"(x − {pack.mean:g}) / {pack.scale:g}"
    if pack.normalisation is Normalisation.PER_CHIP:
        pixels = "the chip's own mean and deviation"
    alignment = f"{pack.alignment}, margin {pack.margin}" if pack.alignment == "box" else pack.alignment
    return [
        f"- Input: {pack.input_size} × {pack.input_size}, {pack.colours.upper()}, {pixels}, aligned: {alignment}",
        f"- Output: {pack.dimensions} numbers, {pack.distance} distance, "
        f"{pack.threshold:g} between normalised vectors is as likely one person as two",
    ]
