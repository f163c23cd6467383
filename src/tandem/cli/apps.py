from django.apps import AppConfig


class CliConfig(AppConfig):
    name = "tandem.cli"
    label = "cli"
