"""The subcommands of `./kouan`, one module each: docstring, `add_arguments(parser)`, `run(args) -> int`."""
