"""The whole path on the sample album."""
