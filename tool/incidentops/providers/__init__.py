"""The outside services. Each is a folder: one door (`client`), a pure `mapping`, a thin `provider`."""
