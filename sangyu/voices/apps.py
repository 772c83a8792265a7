from django.apps import AppConfig


class VoicesConfig(AppConfig):
    name = "sangyu.voices"
