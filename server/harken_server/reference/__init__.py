"""The API reference as a page: server-rendered, without script."""
