"""Where attachments are kept, as ``TANDEM_ATTACHMENTS`` says it."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

FOLDER = "attachments"
KNOWN = {"endpoint", "region"}


@dataclass(frozen=True)
class Place:
    """A folder, or a bucket with a prefix; ``endpoint`` empty: Amazon's own."""

    folder: Path
    bucket: str = ""
    prefix: str = ""
    endpoint: str = ""
    region: str = ""

    @classmethod
    def of(cls, address: str, data: Path) -> "Place":
        """``""``, ``/srv/files`` or ``s3://bucket/prefix?endpoint=https://…&region=…``.

        Raises ``ValueError`` with what is wrong.
        """
        if not address.startswith("s3:"):
            folder = Path(address) if address else data / FOLDER
            if not folder.is_absolute():
                raise ValueError(f"{address} is neither an absolute folder nor s3://bucket")
            return cls(folder)
        parts = urlsplit(address)
        if not parts.netloc:
            raise ValueError("an S3 address names a bucket: s3://bucket/prefix")
        query = parse_qs(parts.query)
        strange = sorted(set(query) - KNOWN)
        if strange:
            raise ValueError(f"{strange[0]} is unknown in an S3 address: endpoint, region")
        prefix = parts.path.strip("/")
        return cls(
            data / FOLDER,
            parts.netloc,
            f"{prefix}/" if prefix else "",
            query.get("endpoint", [""])[0],
            query.get("region", [""])[0],
        )
