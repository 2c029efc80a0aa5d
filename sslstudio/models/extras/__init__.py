"""Modules that an objective needs beside the network: one kind a file."""
