"""The pages: facts from the index of a release, shown by templates. Nothing here speaks HTTP."""
