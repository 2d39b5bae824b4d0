"""What commands share: options, prompts, formats, exit codes."""
