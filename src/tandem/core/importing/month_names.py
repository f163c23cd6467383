"""Month names as trackers print them: English, Spanish, German, French and Portuguese, long and short."""

from .words import plain

_NAMES = (
    "january jan enero ene januar jänner janvier janv janeiro",
    "february feb febrero februar février févr fév fevereiro fev",
    "march mar marzo märz mär mrz mars março",
    "april apr abril abr avril avr",
    "may mayo mai maio",
    "june jun junio juni juin junho",
    "july jul julio juli juillet juil julho",
    "august aug agosto ago août aoû",
    "september sep sept septiembre set septembre setembro setiembre",
    "october oct octubre oktober okt octobre outubro out",
    "november nov noviembre novembre novembro",
    "december dec diciembre dic dezember dez décembre déc dezembro",
)
MONTHS = {plain(name): month for month, names in enumerate(_NAMES, 1) for name in names.split()}
