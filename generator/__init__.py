"""marketpost: a day's market data becomes a Hugo post in which every number can be traced."""

__version__ = "0.1.0"
