"""Files on disk -> documents -> token shards. Never imports torch or Qt."""
