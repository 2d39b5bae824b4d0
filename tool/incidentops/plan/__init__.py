"""What the world should look like, what it looks like, and the effects between the two. All of it pure."""
