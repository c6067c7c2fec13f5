"""The science: one module per mechanism, pure functions of parameters. No plotting, widgets or files."""
