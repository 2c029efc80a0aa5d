"""Using a trained model: continue a text, fill its gaps."""
