"""The rules: one file each, listed here and nowhere else, by id."""

from voiceapp.check.rules.after_the_talk import AFTER_THE_TALK
from voiceapp.check.rules.always_true import ALWAYS_TRUE
from voiceapp.check.rules.differing_placeholders import DIFFERING_PLACEHOLDERS
from voiceapp.check.rules.digits_as_number import DIGITS_AS_NUMBER
from voiceapp.check.rules.endless_calling import ENDLESS_CALLING
from voiceapp.check.rules.endless_loop import ENDLESS_LOOP
from voiceapp.check.rules.input_not_passed import INPUT_NOT_PASSED
from voiceapp.check.rules.input_unknown import INPUT_UNKNOWN
from voiceapp.check.rules.long_announcement import LONG_ANNOUNCEMENT
from voiceapp.check.rules.long_menu import LONG_MENU
from voiceapp.check.rules.long_question import LONG_QUESTION
from voiceapp.check.rules.lost_words import LOST_WORDS
from voiceapp.check.rules.missing_key import MISSING_KEY
from voiceapp.check.rules.missing_otherwise import MISSING_OTHERWISE
from voiceapp.check.rules.missing_variable import MISSING_VARIABLE
from voiceapp.check.rules.needless_key import NEEDLESS_KEY
from voiceapp.check.rules.never_true import NEVER_TRUE
from voiceapp.check.rules.no_way_out import NO_WAY_OUT
from voiceapp.check.rules.outdated_sound import OUTDATED_SOUND
from voiceapp.check.rules.overlapping_choices import OVERLAPPING_CHOICES
from voiceapp.check.rules.personal_in_notice import PERSONAL_IN_NOTICE
from voiceapp.check.rules.personal_in_url import PERSONAL_IN_URL
from voiceapp.check.rules.rule import Rule
from voiceapp.check.rules.run_recursion import RUN_RECURSION
from voiceapp.check.rules.same_choice import SAME_CHOICE
from voiceapp.check.rules.secret_let_out import SECRET_LET_OUT
from voiceapp.check.rules.secret_written_out import SECRET_WRITTEN_OUT
from voiceapp.check.rules.shadowed_key import SHADOWED_KEY
from voiceapp.check.rules.silent_end import SILENT_END
from voiceapp.check.rules.silent_sound import SILENT_SOUND
from voiceapp.check.rules.slow_turn import SLOW_TURN
from voiceapp.check.rules.unattended_loop import UNATTENDED_LOOP
from voiceapp.check.rules.unknown_voice import UNKNOWN_VOICE
from voiceapp.check.rules.unplayable_sound import UNPLAYABLE_SOUND
from voiceapp.check.rules.unreachable_step import UNREACHABLE_STEP
from voiceapp.check.rules.untranslated_prompt import UNTRANSLATED_PROMPT
from voiceapp.check.rules.unused_input import UNUSED_INPUT
from voiceapp.check.rules.unused_media import UNUSED_MEDIA
from voiceapp.check.rules.waiting_for_a_machine import WAITING_FOR_A_MACHINE

RULES: tuple[Rule, ...] = (
    UNREACHABLE_STEP,
    NO_WAY_OUT,
    ENDLESS_LOOP,
    SHADOWED_KEY,
    OVERLAPPING_CHOICES,
    MISSING_KEY,
    RUN_RECURSION,
    MISSING_OTHERWISE,
    SILENT_END,
    UNATTENDED_LOOP,
    NEEDLESS_KEY,
    SAME_CHOICE,
    WAITING_FOR_A_MACHINE,
    ENDLESS_CALLING,
    AFTER_THE_TALK,
    MISSING_VARIABLE,
    NEVER_TRUE,
    ALWAYS_TRUE,
    UNUSED_INPUT,
    INPUT_NOT_PASSED,
    INPUT_UNKNOWN,
    LONG_MENU,
    LONG_QUESTION,
    DIFFERING_PLACEHOLDERS,
    UNTRANSLATED_PROMPT,
    UNPLAYABLE_SOUND,
    OUTDATED_SOUND,
    LOST_WORDS,
    UNKNOWN_VOICE,
    LONG_ANNOUNCEMENT,
    DIGITS_AS_NUMBER,
    SILENT_SOUND,
    UNUSED_MEDIA,
    PERSONAL_IN_URL,
    SECRET_LET_OUT,
    SECRET_WRITTEN_OUT,
    PERSONAL_IN_NOTICE,
    SLOW_TURN,
)

__all__ = ["RULES", "Rule"]
