"""A flow as a picture: what is drawn (`model`), how often it was taken (`painted`), as Mermaid and as SVG."""
