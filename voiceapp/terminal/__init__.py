"""What the commands of `voiceapp` do and print, one file each; `voiceapp.cli` only reads their arguments."""
