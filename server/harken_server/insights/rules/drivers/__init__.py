"""Which rated items go with an outcome: pure, over numpy, which only whoever asks imports."""
