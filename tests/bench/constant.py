"""What the servers that are compared with answer: the command voiceapp would give, always the same one."""

REPLY: dict[str, object] = {
    "command": "read",
    "command_id": "1.0123456789abcdef",
    "params": {
        "media_id": "TTS|TTS_EN-GB_SERENA|This is menu 7 for you who call +33123456789. Press 1, 2 or 3.",
        "max_digits": 1,
        "attempts": 1,
        "timeout_ms": 5000,
    },
    "variables": {},
}
