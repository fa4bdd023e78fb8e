"""The API described: one OpenAPI 3.1 document, made of the models that requests and answers have."""
