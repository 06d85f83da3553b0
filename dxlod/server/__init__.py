"""The HTTP service over one release."""

from dxlod.server.app import create_app
from dxlod.server.run import serve, urls_to_try

__all__ = ["create_app", "serve", "urls_to_try"]
