"""What the rules on a flow's words share: what is heard, how long it takes, and what the sounds are."""
