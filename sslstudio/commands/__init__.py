"""The commands of ``sslstudio``: one file each, and beside them what several of them share."""
