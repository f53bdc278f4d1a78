"""How likely two people are kin, from the embeddings of their faces: a small network over symmetric pair features.

The embedding network stays as it is ("frozen"); learnt are some tens of thousands of weights, in a minute or two. The
features of a pair, ``(a - b)²``, ``a b`` and ``|a² - b²|`` (close to those of the best entries of the FIW challenge of
2019), do not depend on which face comes first. Each person counts with the mean of their faces, and while training
with single faces too, so that the head also serves people of whom there is one photo.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from facetagger.errors import ModelError
from facetagger.training.families import Pair, strangers_for

Float32s = NDArray[np.float32]
Float64s = NDArray[np.float64]

HIDDEN: Final = (100, 25)
_PENALTY: Final = 10.0
_ROUNDS: Final = 15
_BATCH: Final = 256
_RATE: Final = 1e-3
_NETWORKS: Final = 3
_STRANGERS: Final = 4
"""How many times as many pairs of each kind as there are kin pairs: the same kin beside other strangers."""
_LOOKS: Final = 2
"""Single faces that are drawn for each pair, besides the means."""
_FORMAT: Final = "facetagger-kinship-1"


@dataclass(frozen=True, slots=True, eq=False)
class KinshipHead:
    """``layers`` are the (kernel, bias) of each layer of each network; ``slope`` and ``offset`` make a probability.

    ``model_id`` names the embeddings that it reads.
    """

    model_id: str
    mean: Float32s
    scale: Float32s
    networks: tuple[tuple[tuple[Float32s, Float32s], ...], ...]
    slope: float = 1.0
    offset: float = 0.0

    def log_odds(self, first: Float32s, second: Float32s) -> Float64s:
        """Of each pair of rows (n, d), before calibration; shape (n,)."""
        rows = (pair_features(first, second) - self.mean) / self.scale
        return np.asarray(np.mean([_run(each, rows) for each in self.networks], axis=0), np.float64)

    def probability(self, first: Float32s, second: Float32s) -> Float64s:
        """That the people are kin, if kin and strangers were asked about equally often; shape (n,)."""
        logits = self.slope * self.log_odds(first, second) + self.offset
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logits, -30, 30))), np.float64)

    def save(self, path: Path) -> None:
        """As arrays in one ``.npz`` file, written beside it first."""
        arrays: dict[str, Any] = {
            "format": np.array(_FORMAT),
            "model_id": np.array(self.model_id),
            "mean": self.mean,
            "scale": self.scale,
            "calibration": np.array([self.slope, self.offset]),
            "shape": np.array([len(self.networks), len(self.networks[0])]),
        }
        for number, network in enumerate(self.networks):
            for place, (kernel, bias) in enumerate(network):
                arrays[f"kernel_{number}_{place}"], arrays[f"bias_{number}_{place}"] = kernel, bias
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.partial")
        with temporary.open("wb") as file:
            np.savez(file, **arrays)
        temporary.replace(path)

    @classmethod
    def load(cls, path: Path) -> KinshipHead:
        """Raises ``ModelError`` where the file is missing, damaged or not such a head."""
        try:
            with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as arrays:
                if str(arrays["format"]) != _FORMAT:
                    raise ValueError("another format")
                networks, layers = arrays["shape"].tolist()
                return cls(
                    str(arrays["model_id"]),
                    arrays["mean"],
                    arrays["scale"],
                    tuple(
                        tuple(
                            (arrays[f"kernel_{each}_{place}"], arrays[f"bias_{each}_{place}"])
                            for place in range(layers)
                        )
                        for each in range(networks)
                    ),
                    *arrays["calibration"].tolist(),
                )
        except FileNotFoundError as error:
            raise ModelError(
                "Nothing has been learnt about kinship yet.", hint="Run 'facetagger train kinship DATA' first."
            ) from error
        except Exception as error:
            raise ModelError(
                f"{path.name} is not a kinship model, or is damaged.",
                hint="Train it again: facetagger train kinship DATA.",
            ) from error


def pair_features(first: Float32s, second: Float32s) -> Float32s:
    """Rows (n, d) and (n, d) to (n, 3 d), the same whichever comes first."""
    difference, product = first - second, first * second
    squares = np.abs(first * first - second * second)
    return np.concatenate([difference * difference, product, squares], axis=1).astype(np.float32)


def mean_face(rows: Float32s) -> Float32s:
    """The L2-normalised mean, float32 (d,), of a person's embeddings (n, d)."""
    mean = rows.mean(axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-12), np.float32)


def mean_faces(embeddings: Mapping[str, Float32s]) -> dict[str, Float32s]:
    """The mean face of each person."""
    return {person: mean_face(rows) for person, rows in embeddings.items()}


def fit(model_id: str, embeddings: Mapping[str, Float32s], kin: Sequence[Pair], seed: int = 0) -> KinshipHead:
    """Trains a head on these pairs against pairs of strangers. The same seed and data give the same head.

    ``embeddings`` are the rows (n, d) of each person's faces. The probabilities are not calibrated yet.
    """
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier

    rng = np.random.default_rng(seed)
    first, second, is_kin = _training_rows(embeddings, kin, rng)
    rows = pair_features(first, second)
    mean, scale = rows.mean(axis=0), np.maximum(rows.std(axis=0), 1e-6)
    networks = []
    for number in range(_NETWORKS):
        model = MLPClassifier(
            HIDDEN,
            alpha=_PENALTY,
            batch_size=min(_BATCH, len(rows)),
            learning_rate_init=_RATE,
            max_iter=_ROUNDS,
            random_state=seed + number,
        )
        with warnings.catch_warnings():
            # The number of rounds is the regularisation; it is not meant to converge.
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit((rows - mean) / scale, is_kin)
        networks.append(tuple(_layers(model)))
    return KinshipHead(model_id, mean, scale, tuple(networks))


def _training_rows(
    embeddings: Mapping[str, Float32s], kin: Sequence[Pair], rng: np.random.Generator
) -> tuple[Float32s, Float32s, NDArray[np.int8]]:
    """Pairs of mean faces and of single faces, kin and strangers in equal numbers."""
    means = mean_faces(embeddings)
    related = {frozenset(pair) for pair in kin}
    strangers = [pair for _ in range(_STRANGERS) for pair in strangers_for(kin, related, rng)]
    pairs = [*kin] * _STRANGERS + strangers
    is_kin = np.repeat(np.array([1, 0], np.int8), [len(pairs) - len(strangers), len(strangers)])
    sides = []
    for side in (0, 1):
        people = [pair[side] for pair in pairs]
        looks = [means[person] for person in people]
        for _ in range(_LOOKS):
            looks += [embeddings[person][rng.integers(len(embeddings[person]))] for person in people]
        sides.append(np.stack(looks).astype(np.float32))
    return sides[0], sides[1], np.tile(is_kin, 1 + _LOOKS)


def _layers(model: Any) -> list[tuple[Float32s, Float32s]]:
    return [
        (np.asarray(kernel, np.float32), np.asarray(bias, np.float32))
        for kernel, bias in zip(model.coefs_, model.intercepts_, strict=True)
    ]


def _run(network: Sequence[tuple[Float32s, Float32s]], rows: Float32s) -> Float32s:
    for kernel, bias in network[:-1]:
        rows = np.maximum(rows @ kernel + bias, np.float32(0))
    kernel, bias = network[-1]
    return np.asarray((rows @ kernel + bias)[:, 0], np.float32)
