"""What voiceapp sends on an author's behalf: `fetch` requests and `notify` webhooks, through one guard."""
