"""What all stand on: errors, ids, tokens, time, cache, logs, settings; knows no slice."""
