"""Explorers for a page that no kernel serves: `Session` speaks with it, `server` carries what they say."""
