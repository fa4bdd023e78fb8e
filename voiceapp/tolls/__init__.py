"""Which numbers may be dialled (`rules`, pure), and how often (`gate`): for flows and applications alike."""
