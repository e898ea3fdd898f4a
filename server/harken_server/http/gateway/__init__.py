"""Around all routes: the outermost layer, headers of every answer, OPTIONS of every path."""
