# Prints the targets of a Makefile: `## Title` opens a section, `target: ...  ## text` is a line of it.
/^## / { printf "\n%s\n", substr($0, 4) }
/^[a-z-]+:.*  ## / {
    name = $0; sub(/:.*/, "", name)
    text = $0; sub(/^.*  ## /, "", text)
    printf "  make %-14s %s\n", name, text
}
