"""YML and SCH: what the reader of YAML finds, declared here so that it is documented like all other rules."""

from incidentops.rules.engine.rule import checked_elsewhere

not_yaml = checked_elsewhere("YML001", "not-yaml", "The file is not one readable YAML 1.2 document")
duplicate_key = checked_elsewhere("YML002", "duplicate-key", "A key appears twice in one mapping")
yaml_machinery = checked_elsewhere(
    "YML003", "yaml-machinery", "The file uses an anchor, alias, merge key, tag or directive"
)
too_large = checked_elsewhere("YML004", "too-large", "The file is larger than 1 MiB or nested deeper than 32")
not_utf8 = checked_elsewhere("YML005", "not-utf-8", "The file is not UTF-8")
not_a_file = checked_elsewhere("YML006", "not-a-regular-file", "The record is not a regular file inside incidents/")
wrong_shape = checked_elsewhere("SCH001", "wrong-shape", "The record or handbook does not match its schema")
