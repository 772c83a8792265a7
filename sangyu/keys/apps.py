from django.apps import AppConfig

# Nothing else of the site imports this area, and its verbs must have words wherever entries are read.
from sangyu.keys import metrics as metrics


class KeysConfig(AppConfig):
    name = "sangyu.keys"
