from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "sangyu.accounts"
