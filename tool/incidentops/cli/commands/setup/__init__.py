"""Commands that set up a repository, an editor, a shell or git."""
