"""K-Sort in a notebook: shows a study, and gives the votes."""

from .widget import Widget

__all__ = ["Widget"]
__version__ = "0.1.0"
