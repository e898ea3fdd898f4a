"""What is offered to asyncio: written by hand, and made into `_sync` by `tools/make_sync.py`."""
