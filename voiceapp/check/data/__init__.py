"""What the rules on a flow's data share: what every variable can hold at every step, and where it goes."""
