from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "tandem.home"
    label = "home"

    def ready(self) -> None:
        from tandem.home import navigation, panels, permissions  # noqa: F401

        panels.register_all()
        from tandem.home.queries.audit import sheet
        from tandem.integrations.sheets.workspace_lists import WORKSPACE_LISTS

        WORKSPACE_LISTS["audit"] = sheet
