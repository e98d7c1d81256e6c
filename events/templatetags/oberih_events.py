from django import template

from events import when

register = template.Library()

# An event's zone in words, for the templates of rooms above: "Kyiv time (UTC+2)".
register.filter("zone_words", when.zone)
