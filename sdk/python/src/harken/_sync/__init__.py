"""What is offered without asyncio: made from `_async`, but for `sender` and `waiting`."""
