"""What editors know of the files that authors write: JSON Schemas, built from the models that read those files."""
