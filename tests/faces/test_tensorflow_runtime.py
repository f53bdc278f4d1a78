"""TensorFlow says nothing on the user's terminal."""

from __future__ import annotations

import subprocess
import sys


def test_loading_the_networks_prints_nothing() -> None:
    code = "from facetagger.faces.pipeline import load_analyser; import numpy as np\n"
    code += "load_analyser().analyse([np.zeros((64, 64, 3), np.uint8)])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout == ""
    assert result.stderr == ""
