"""The facts of the overview pages, read from the index and the manifest of a release."""
