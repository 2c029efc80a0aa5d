"""The engine: trainer, control, optimizer, schedule, checkpoints, precision. Knows no Qt."""
