"""What runs the rules: how a rule is declared, the catalogue, the context, waivers, and until when a verdict holds."""
