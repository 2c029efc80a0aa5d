"""The networks: configuration and sizes (no torch), and the transformer itself (torch)."""
