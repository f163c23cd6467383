"""The backlog page at two sizes: server time, number of queries, and their ratio."""

from bench_common import arguments, data_folder, django_on, milliseconds, product_with, told


def main() -> None:
    wanted = arguments(__doc__ or "")
    django_on(data_folder())
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    settings.ALLOWED_HOSTS = ["*"]
    runs = []
    for size in wanted.sizes:
        member, product = product_with(size)
        client = Client()
        client.force_login(member.user)
        address = f"/w/{member.workspace.slug}/{product.key}/backlog/"
        assert client.get(address).status_code == 200
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        queries = len(captured)  # the next request empties the log
        page = milliseconds(lambda: client.get(address), 40)  # noqa: B023
        runs.append({"items": size, **page, "queries": queries})
    told(wanted.json, {"runs": runs, "ratio": runs[-1]["p50_ms"] / runs[0]["p50_ms"]})


if __name__ == "__main__":
    main()
