"""The widget's files, config, queue and playground over HTTP."""
