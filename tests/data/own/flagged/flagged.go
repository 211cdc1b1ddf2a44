package flagged
