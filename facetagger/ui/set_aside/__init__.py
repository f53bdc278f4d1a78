"""Strangers and wrong detections: out of the way, never lost, one click from coming back."""
