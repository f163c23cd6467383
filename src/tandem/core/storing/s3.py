"""Attachments in a bucket. Who may use it, boto3 finds where it always looks (AWS_ACCESS_KEY_ID,
a profile, the machine's own role)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tandem.core.errors import Refused
from tandem.core.storing.place import Place
from tandem.core.storing.store import BLOCK, Gone, Kept, NoRoom


class S3Store:
    def __init__(self, place: Place) -> None:
        try:
            import boto3
            from botocore.config import Config
        except ImportError as error:
            raise Refused(
                "Attachments in a bucket need boto3: install tandem-product[s3].",
                field="TANDEM_ATTACHMENTS",
            ) from error
        self.place = place
        self.client: Any = boto3.client(
            "s3",
            endpoint_url=place.endpoint or None,
            region_name=place.region or None,
            config=Config(
                connect_timeout=5,
                read_timeout=30,
                retries={"max_attempts": 3, "mode": "standard"},
                # Others than Amazon do not all know the newer sums.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    def _named(self, key: str) -> dict[str, str]:
        return {"Bucket": self.place.bucket, "Key": self.place.prefix + key}

    def put(self, key: str, source: Path) -> None:
        """One request: a bucket shows a whole object or none."""
        try:
            with source.open("rb") as file:
                self.client.put_object(**self._named(key), Body=file)
        except OSError as error:
            raise NoRoom(f"The file cannot be read again: {error.strerror}.") from error
        except self._failures as error:
            raise NoRoom(
                f"The bucket did not take the file ({_told(error)}). Nothing was kept."
            ) from error

    def read(self, key: str) -> Iterator[bytes]:
        try:
            body = self.client.get_object(**self._named(key))["Body"]
        except self._failures as error:
            raise Gone(
                f"The bucket does not give this attachment ({_told(error)}). Try again; if that "
                "does not help, tell whoever runs this Tandem."
            ) from error
        found: Iterator[bytes] = body.iter_chunks(BLOCK)
        return found

    def remove(self, key: str) -> None:
        try:
            self.client.delete_object(**self._named(key))
        except self._failures as error:
            raise Gone(f"The bucket did not remove {key} ({_told(error)}).") from error

    def size(self, key: str) -> int | None:
        try:
            return int(self.client.head_object(**self._named(key))["ContentLength"])
        except self.client.exceptions.ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                return None
            raise Gone(f"The bucket does not answer ({_told(error)}).") from error
        except self._failures as error:
            raise Gone(f"The bucket does not answer ({_told(error)}).") from error

    def kept(self) -> Iterator[Kept]:
        pages = self.client.get_paginator("list_objects_v2")
        try:
            for page in pages.paginate(Bucket=self.place.bucket, Prefix=self.place.prefix):
                for each in page.get("Contents", ()):
                    key = each["Key"].removeprefix(self.place.prefix)
                    yield Kept(key, each["Size"], each["LastModified"])
        except self._failures as error:
            raise Gone(f"The bucket does not answer ({_told(error)}).") from error

    @property
    def _failures(self) -> tuple[type[Exception], ...]:
        from boto3.exceptions import Boto3Error
        from botocore.exceptions import BotoCoreError, ClientError

        return (Boto3Error, BotoCoreError, ClientError)


def _told(error: Exception) -> str:
    code = getattr(error, "response", {}).get("Error", {}).get("Code", "")
    return code or type(error).__name__
