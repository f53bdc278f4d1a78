"""Pixels in, faces and embeddings out: detector, alignment, embedders, the analysis pipeline.

``pipeline`` is the door: ``load_analyser`` puts a ``Detector`` and an ``Embedder`` together, ``FaceAnalyser`` takes RGB
photos to faces and to the turn that shows them upright, ``stream_photos`` does so for sources that are decoded on an
executor. Behind it:

- ``detector`` and ``embedder`` are the protocols; another network is another class behind one of them.
- ``settings``: how hard photos are searched, normal and thorough.
- ``rotation``: which way up a photo belongs, and the faces that lie askew.
- ``mtcnn`` (``mtcnn_networks``, ``mtcnn_graph``, ``canvas``, ``patches``): views of photos are laid on canvases, one
  graph finds the faces of all canvases of a shape; given boxes are looked at by the last stage alone.
- ``quality``: what size, sharpness and pose leave of a face.
- ``alignment``: five landmarks to the chip that dlib would cut, pixel for pixel.
- ``dlib_resnet`` (``dlib_stream``, ``dlib_weights``): dlib's network rebuilt in Keras from dlib's own file.
- ``weights``: files inside installed packages, known by their SHA-256 before anything parses them.

Invariants:

- Coordinates are continuous: a pixel spans its index to its index plus one. Dividing by the size normalises them.
- A photo's faces and a chip's embedding do not depend on what else is in the batch.
- Every network runs through graphs that are traced once; batches are padded or placed to fit them.
- Nothing here is loaded from a pickle, or from any file, whose bytes are not known.
- TensorFlow comes in through ``tensorflow_runtime`` alone, and not before a network is asked for.
- A model id names the vectors of one network, alignment and normalisation; vectors of two ids are never compared.
"""
