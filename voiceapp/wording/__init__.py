"""The words of a flow: every text a caller can hear, for those who speak it, translate it and bring it back."""
