"""What the rules on a flow's ways share: loops, ends, and what happens to who does nothing."""
