"""dxlod: DX plans of Japanese municipalities as linked open data."""

__version__ = "0.1.0"
__all__ = ["__version__"]
