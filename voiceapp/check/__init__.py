"""Proving a flow from its text, before anybody calls: rules, one file each, over the graph of its steps."""
