"""Small photographs in every format, and ExifTool as the second pair of eyes."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from facetagger.entities import NamedRegion
from facetagger.geometry import Box, Size

SIZE = Size(80, 60)
ANNA = NamedRegion(Box(0.1, 0.2, 0.2, 0.3), "Anna Müller")
BOB = NamedRegion(Box(0.6, 0.2, 0.25, 0.4), "Bob")
WRITABLE = ("photo.jpg", "photo.png", "photo.tif", "photo.webp")


def pixels(seed: int = 1, size: Size = SIZE) -> Image.Image:
    noise = np.random.default_rng(seed).integers(0, 256, (size.height, size.width, 3), dtype=np.uint8)
    return Image.fromarray(noise)


def make_photo(path: Path, *, seed: int = 1, **options: Any) -> Path:
    pixels(seed).save(path, **options)
    return path


def with_xmp(path: Path, packet: bytes) -> Path:
    """A JPEG with these bytes as its XMP, however broken they are."""
    stream = io.BytesIO()
    pixels().save(stream, "JPEG")
    plain = stream.getvalue()
    segment = b"http://ns.adobe.com/xap/1.0/\0" + packet
    path.write_bytes(plain[:2] + b"\xff\xe1" + (len(segment) + 2).to_bytes(2, "big") + segment + plain[2:])
    return path


def xmp(properties: str) -> bytes:
    """A packet around property elements and attributes of other programs' making."""
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/" xmlns:stArea="http://ns.adobe.com/xmp/sType/Area#"
  xmlns:stDim="http://ns.adobe.com/xap/1.0/sType/Dimensions#" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
  xmlns:MP="http://ns.microsoft.com/photo/1.2/" xmlns:MPRI="http://ns.microsoft.com/photo/1.2/t/RegionInfo#"
  xmlns:MPReg="http://ns.microsoft.com/photo/1.2/t/Region#" xmlns:digiKam="http://www.digikam.org/ns/1.0/"
  xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
  xmlns:acdsee-rs="http://ns.acdsee.com/regions/" xmlns:acdsee-stArea="http://ns.acdsee.com/sType/Area#"
  {properties}
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>""".encode()


def mwg(*entries: str, array: str = "Bag", width: int = SIZE.width, height: int = SIZE.height) -> str:
    items = "".join(f"<rdf:li>{each}</rdf:li>" for each in entries)
    return f"""<mwg-rs:Regions rdf:parseType="Resource">
  <mwg-rs:AppliedToDimensions stDim:w="{width}" stDim:h="{height}" stDim:unit="pixel"/>
  <mwg-rs:RegionList><rdf:{array}>{items}</rdf:{array}></mwg-rs:RegionList></mwg-rs:Regions>"""


def mwg_entry(name: str, x: float, y: float, w: float, h: float, kind: str = "Face", extra: str = "") -> str:
    return f"""<rdf:Description mwg-rs:Name="{name}" mwg-rs:Type="{kind}"><mwg-rs:Area stArea:x="{x}" stArea:y="{y}"
      stArea:w="{w}" stArea:h="{h}" stArea:unit="normalized"/>{extra}</rdf:Description>"""


def decoded(path: Path, page: int = 0) -> NDArray[np.uint8]:
    with Image.open(path) as image:
        image.seek(page)
        return np.asarray(image)


def exiftool(path: Path, *options: str) -> dict[str, Any]:
    if shutil.which("exiftool") is None:
        pytest.skip("exiftool is not installed")
    command = ["exiftool", "-j", "-struct", "-G1", *options, str(path)]
    output = subprocess.run(command, capture_output=True, check=True, timeout=60).stdout
    found: dict[str, Any] = json.loads(output)[0]
    return found


def near(box: Box, other: Box, tolerance: float = 1e-6) -> bool:
    corners, others = ((each.left, each.top, each.right, each.bottom) for each in (box, other))
    return all(abs(one - two) <= tolerance for one, two in zip(corners, others, strict=True))
