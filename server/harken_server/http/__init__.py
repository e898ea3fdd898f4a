"""The edge: gateway, limits, bodies, problems, replies, operations; knows no slice."""
