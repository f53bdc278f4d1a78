"""A trained siamese network as the user keeps it: a file of Keras, loaded in safe mode, and what belongs to it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from facetagger.errors import ModelError
from facetagger.faces.alignment import Alignment
from facetagger.faces.embedder import Chips
from facetagger.faces.tensorflow_runtime import load_tensorflow
from facetagger.training.siamese_network import ENCODER, HEAD

Float32s = NDArray[np.float32]

FILE: Final = "kinship.keras"
FACTS: Final = "kinship.json"

_FORMAT: Final = "facetagger-siamese-1"
_AT_ONCE: Final = 32


@dataclass(frozen=True, slots=True, eq=False)
class KinshipNetwork:
    """``network`` is that of ``build_siamese``; ``slope`` and ``offset`` make a probability of its log odds."""

    network: Any
    alignment: Alignment
    slope: float = 1.0
    offset: float = 0.0

    def features(self, chips: Chips) -> Float32s:
        """What the twins see of chips uint8 (n, s, s, 3); float32 (n, d)."""
        encoder = self.network.get_layer(ENCODER)
        parts = [_padded(encoder, chips[at : at + _AT_ONCE]) for at in range(0, len(chips), _AT_ONCE)]
        return np.concatenate(parts)

    def log_odds(self, first: Float32s, second: Float32s) -> float:
        """Of two people, the mean over all pairs of their photos' features (n, d) and (m, d), before calibration."""
        differences = np.abs(first[:, np.newaxis] - second[np.newaxis]).reshape(-1, first.shape[1])
        return float(np.mean(_padded(self.network.get_layer(HEAD), differences)))

    def probability(self, log_odds: float) -> float:
        """That two people are kin, if kin and strangers were asked about equally often."""
        return float(1.0 / (1.0 + np.exp(-np.clip(self.slope * log_odds + self.offset, -30, 30))))

    def save(self, folder: Path) -> None:
        """Each file is written beside its place first; the facts, which name the network's hash, come last."""
        folder.mkdir(parents=True, exist_ok=True)
        temporary = folder / f"partial-{FILE}"
        self.network.save(temporary)
        facts = {
            "format": _FORMAT,
            "sha256": hashlib.sha256(temporary.read_bytes()).hexdigest(),
            "alignment": asdict(self.alignment),
            "slope": self.slope,
            "offset": self.offset,
        }
        temporary.replace(folder / FILE)
        written = folder / f"partial-{FACTS}"
        written.write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
        written.replace(folder / FACTS)

    @classmethod
    def load(cls, folder: Path) -> KinshipNetwork:
        """Raises ``ModelError`` where the files are missing, altered or not such a network; no code in them is run."""
        load_tensorflow()
        import keras

        try:
            facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
            if facts["format"] != _FORMAT:
                raise ValueError("another format")
            if hashlib.sha256((folder / FILE).read_bytes()).hexdigest() != facts["sha256"]:
                raise ValueError("another network")
            network = keras.saving.load_model(folder / FILE, safe_mode=True, compile=False)
            network.get_layer(ENCODER), network.get_layer(HEAD)
            return cls(network, _alignment(facts["alignment"]), float(facts["slope"]), float(facts["offset"]))
        except Exception as error:
            raise ModelError(
                f"{FILE} is not a kinship network, or is damaged.",
                hint="Train it again: facetagger train kinship DATA --siamese.",
            ) from error


def has_network(folder: Path) -> bool:
    return (folder / FACTS).exists()


def forget_network(folder: Path) -> None:
    for name in (FACTS, FILE):
        (folder / name).unlink(missing_ok=True)


def _alignment(stored: dict[str, Any]) -> Alignment:
    template = stored["template"]
    points = None if template is None else tuple((float(x), float(y)) for x, y in template)
    return Alignment(int(stored["size"]), points, float(stored["padding"]))


def _padded(model: Any, rows: NDArray[Any]) -> Float32s:
    """The model's answer, asked in a batch of a few sizes only, for each new size is slow once."""
    size = _AT_ONCE * -(-len(rows) // _AT_ONCE)
    padded = np.zeros((size, *rows.shape[1:]), np.float32)
    padded[: len(rows)] = rows
    return np.asarray(model.predict_on_batch(padded)[: len(rows)], np.float32)
