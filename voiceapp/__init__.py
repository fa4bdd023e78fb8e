"""voiceapp answers phone calls: one YAML flow, every carrier."""

__version__ = "0.1.0"
