"""What voiceapp itself says: the few sentences that no flow has to write, in the languages it speaks."""

from collections.abc import Mapping
from typing import Literal

Phrase = Literal["apology", "review", "confirm", "press_key"]
"""`apology`: nothing else is left to do. `review`: after a recording was played back.
`confirm`: after `{digits}` were typed (give them spaced, as they are spoken). `press_key`: said to whoever picks
up, to tell a person from a machine."""


def phrase(name: Phrase, language: str, **values: str) -> str:
    """The sentence in `language` (a tag such as `el-GR`; a region is ignored), or in English if unknown."""
    sentences = _SENTENCES.get(language.partition("-")[0].lower(), _SENTENCES["en"])
    return sentences[name].format(**values)


_SENTENCES: Mapping[str, Mapping[Phrase, str]] = {
    "en": {
        "apology": "We are sorry, there is a problem. Please call again later. Goodbye.",
        "review": "To keep the message, press 1. To record it again, press 2.",
        "confirm": "You entered {digits}. If this is right, press 1. To enter it again, press 2.",
        "press_key": "Please press any key.",
    },
    "fr": {
        "apology": "Nous sommes désolés, un problème est survenu. Veuillez rappeler plus tard. Au revoir.",
        "review": "Pour conserver le message, tapez 1. Pour l'enregistrer à nouveau, tapez 2.",
        "confirm": "Vous avez saisi {digits}. Si c'est exact, tapez 1. Pour recommencer, tapez 2.",
        "press_key": "Veuillez appuyer sur une touche.",
    },
    "de": {
        "apology": "Es tut uns leid, es ist ein Problem aufgetreten. "
        "Bitte rufen Sie später noch einmal an. Auf Wiederhören.",
        "review": "Um die Nachricht zu behalten, drücken Sie die 1. Für eine neue Aufnahme drücken Sie die 2.",
        "confirm": "Sie haben {digits} eingegeben. Wenn das richtig ist, drücken Sie die 1. "
        "Für eine neue Eingabe drücken Sie die 2.",
        "press_key": "Bitte drücken Sie eine Taste.",
    },
    "it": {
        "apology": "Siamo spiacenti, si è verificato un problema. La preghiamo di richiamare più tardi. "
        "Arrivederci.",
        "review": "Per conservare il messaggio, prema 1. Per registrarlo di nuovo, prema 2.",
        "confirm": "Ha digitato {digits}. Se è corretto, prema 1. Per inserirlo di nuovo, prema 2.",
        "press_key": "Prema un tasto qualsiasi.",
    },
    "es": {
        "apology": "Lo sentimos, ha ocurrido un problema. Por favor, vuelva a llamar más tarde. Adiós.",
        "review": "Para conservar el mensaje, pulse 1. Para grabarlo de nuevo, pulse 2.",
        "confirm": "Ha marcado {digits}. Si es correcto, pulse 1. Para marcarlo de nuevo, pulse 2.",
        "press_key": "Pulse cualquier tecla, por favor.",
    },
    "pt": {
        "apology": "Lamentamos, ocorreu um problema. Por favor, volte a ligar mais tarde. Adeus.",
        "review": "Para guardar a mensagem, prima 1. Para a gravar de novo, prima 2.",
        "confirm": "Introduziu {digits}. Se está certo, prima 1. Para introduzir de novo, prima 2.",
        "press_key": "Prima qualquer tecla, por favor.",
    },
    "el": {
        "apology": "Λυπούμαστε, παρουσιάστηκε ένα πρόβλημα. Παρακαλούμε καλέστε ξανά αργότερα. Αντίο σας.",
        "review": "Για να κρατήσετε το μήνυμα, πατήστε 1. Για να το ηχογραφήσετε ξανά, πατήστε 2.",
        "confirm": "Πληκτρολογήσατε {digits}. Αν είναι σωστό, πατήστε 1. "
        "Για να το πληκτρολογήσετε ξανά, πατήστε 2.",
        "press_key": "Παρακαλούμε πατήστε ένα πλήκτρο.",
    },
    "nl": {
        "apology": "Onze excuses, er is een probleem opgetreden. Belt u later nog eens. Tot ziens.",
        "review": "Om het bericht te bewaren, toets 1. Om het opnieuw in te spreken, toets 2.",
        "confirm": "U hebt {digits} ingevoerd. Als dit juist is, toets 1. Voor een nieuwe invoer, toets 2.",
        "press_key": "Druk op een willekeurige toets.",
    },
    "pl": {
        "apology": "Przepraszamy, wystąpił problem. Prosimy zadzwonić później. Do widzenia.",
        "review": "Aby zachować wiadomość, naciśnij 1. Aby nagrać ją ponownie, naciśnij 2.",
        "confirm": "Wprowadzono {digits}. Jeśli to się zgadza, naciśnij 1. Aby wprowadzić ponownie, naciśnij 2.",
        "press_key": "Proszę nacisnąć dowolny klawisz.",
    },
    "hu": {
        "apology": "Elnézést kérünk, hiba történt. Kérjük, hívjon minket később. Viszonthallásra.",
        "review": "Az üzenet megtartásához nyomja meg az 1-es gombot. Új felvételhez nyomja meg a 2-es gombot.",
        "confirm": "Ezt adta meg: {digits}. Ha ez helyes, nyomja meg az 1-es gombot. "
        "Ha újra megadná, nyomja meg a 2-es gombot.",
        "press_key": "Kérjük, nyomjon meg egy gombot.",
    },
    "sv": {
        "apology": "Vi beklagar, ett problem har uppstått. Ring gärna igen senare. Hej då.",
        "review": "Tryck 1 för att behålla meddelandet. Tryck 2 för att spela in det på nytt.",
        "confirm": "Du har angett {digits}. Tryck 1 om det stämmer. Tryck 2 för att ange det på nytt.",
        "press_key": "Tryck på valfri knapp.",
    },
    "ru": {
        "apology": "Приносим извинения, возникла неполадка. Пожалуйста, перезвоните позже. До свидания.",
        "review": "Чтобы сохранить сообщение, нажмите 1. Чтобы записать его заново, нажмите 2.",
        "confirm": "Вы ввели {digits}. Если всё верно, нажмите 1. Чтобы ввести заново, нажмите 2.",
        "press_key": "Пожалуйста, нажмите любую клавишу.",
    },
    "bg": {
        "apology": "Съжаляваме, възникна проблем. Моля, обадете се отново по-късно. Дочуване.",
        "review": "За да запазите съобщението, натиснете 1. За да го запишете отново, натиснете 2.",
        "confirm": "Въведохте {digits}. Ако е вярно, натиснете 1. За да въведете отново, натиснете 2.",
        "press_key": "Моля, натиснете произволен клавиш.",
    },
}

LANGUAGES = frozenset(_SENTENCES)
"""The languages, without region, that every phrase exists in."""
