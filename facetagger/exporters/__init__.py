"""What leaves the program: copies of photos with names, sidecars, tables."""
