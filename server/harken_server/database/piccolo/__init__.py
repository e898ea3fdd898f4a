"""Where Piccolo is told of the tables and of the engine."""
