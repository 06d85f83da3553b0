"""Pure values: codes, years, line ranges, text and findings. No input or output."""
