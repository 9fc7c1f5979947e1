"""One prefix of an S3 bucket, asked with timeouts and bounded retries; what it refuses is told with a remedy.

Region, credentials and endpoint come from the environment, as boto3 reads them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from audit.libraries import load_library
from resources.errors import ResourceError

S3 = "s3://"
REQUIREMENT = "microdrama[s3]"
CONNECT_TIMEOUT_S, READ_TIMEOUT_S, ATTEMPTS = 10, 60, 5
CONNECTIONS = 16
"""Requests under way at once."""
AT_ONCE = 1000
"""Objects that one request deletes, at most (S3's DeleteObjects)."""
GONE = ("NoSuchKey", "404", "NotFound")
CHANGED = ("PreconditionFailed", "412", "ConditionalRequestConflict", "409")
"""A condition of a write that does not hold, or a write of the same name at the same moment."""
AGAIN = "Run the same command again to go on"
REMEDIES = {
    "NoSuchBucket": "Create the bucket, or name another",
    **dict.fromkeys(("AccessDenied", "403", "Forbidden", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken"),
                    "The credentials need s3:ListBucket on the bucket, and s3:GetObject, s3:PutObject and"
                    " s3:DeleteObject on everything below this prefix"),
    **dict.fromkeys(("EndpointConnectionError", "ConnectTimeoutError", "ReadTimeoutError", "ConnectionClosedError",
                     "ProxyConnectionError", "SSLError"),
                    f"Check AWS_ENDPOINT_URL and the network. {AGAIN}"),
    **dict.fromkeys(("NoCredentialsError", "PartialCredentialsError", "TokenRetrievalError"),
                    "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, or run under a role"),
    "NotImplemented": "Use a store that knows conditional writes (If-None-Match and If-Match)",
}


class BucketRefused(ResourceError):
    """A request that an object store did not answer as it should; `code` is its own word, or the exception's name."""

    def __init__(self, what: str, where: str, code: str) -> None:
        super().__init__(what, where, REMEDIES.get(code, f"Check bucket, region and credentials. {AGAIN}"))
        self.code = code


@lru_cache(maxsize=4)
def _client(process: int, environment: tuple[tuple[str, str], ...]) -> Any:
    """One for a process and what its environment says: making one takes a tenth of a second, and threads share it."""
    boto3, config = load_library("boto3", REQUIREMENT), load_library("botocore.config", REQUIREMENT)
    return boto3.client("s3", config=config.Config(
        connect_timeout=CONNECT_TIMEOUT_S, read_timeout=READ_TIMEOUT_S, max_pool_connections=CONNECTIONS,
        retries={"max_attempts": ATTEMPTS, "mode": "standard"}))


class BucketPrefix:
    """Objects by name below a prefix. A PUT is seen whole or not at all, and survives when it is answered."""

    def __init__(self, where: str) -> None:
        parts = urlsplit(where)
        if not where.startswith(S3) or not parts.netloc or parts.query or parts.fragment:
            raise ResourceError("this names no bucket", where, "Write s3://bucket/prefix")
        self.errors: Any = load_library("botocore.exceptions", REQUIREMENT)
        self.bucket, prefix = parts.netloc, parts.path.strip("/")
        self.prefix = f"{prefix}/" if prefix else ""
        self.where = f"{S3}{self.bucket}/{prefix}".rstrip("/")
        try:
            self.client: Any = _client(os.getpid(), tuple(sorted(
                (name, value) for name, value in os.environ.items() if name.startswith("AWS_"))))
        except self.errors.BotoCoreError as error:
            raise BucketRefused(f"S3 cannot be asked: {error}", self.where, type(error).__name__) from error

    def get(self, name: str) -> tuple[bytes, str] | None:
        """Content and ETag, None where there is none. Raises BucketRefused."""
        try:
            found = self.ask("get_object", Key=self.prefix + name)
            return found["Body"].read(), str(found["ETag"])
        except BucketRefused as error:
            if error.code in GONE:
                return None
            raise
        except (self.errors.BotoCoreError, OSError) as error:  # the connection broke while the content came
            raise BucketRefused(f"S3 broke off: {error}", f"{self.where}/{name}", type(error).__name__) from error

    def put(self, name: str, body: bytes, **told: Any) -> str:
        """Stores an object; returns its ETag. `told`: headers and conditions, as boto3 names them."""
        return str(self.ask("put_object", Key=self.prefix + name, Body=body, **told)["ETag"])

    def remove(self, name: str, **told: Any) -> None:
        self.ask("delete_object", Key=self.prefix + name, **told)

    def remove_all(self, names: list[str]) -> None:
        for start in range(0, len(names), AT_ONCE):
            keys = [{"Key": self.prefix + name} for name in names[start:start + AT_ONCE]]
            failed = self.ask("delete_objects", Delete={"Objects": keys, "Quiet": True}).get("Errors", ())
            for one in failed:
                raise BucketRefused(f"S3 refused to delete it: {one.get('Message')}", f"{S3}{self.bucket}/{one['Key']}",
                                    str(one.get("Code")))

    def names(self, folder: str = "") -> Iterator[str]:
        """Names below a folder-like prefix, sorted."""
        below, token = self.prefix + (f"{folder}/" if folder else ""), dict[str, str]()
        while True:
            page = self.ask("list_objects_v2", Prefix=below, **token)
            for entry in page.get("Contents", ()):
                yield str(entry["Key"]).removeprefix(self.prefix)
            if not page.get("IsTruncated"):
                return
            token = {"ContinuationToken": page["NextContinuationToken"]}

    def ask(self, method: str, **told: Any) -> Any:
        """Raises BucketRefused."""
        where = f"{S3}{self.bucket}/{told.get('Key', self.prefix)}"
        try:
            return getattr(self.client, method)(Bucket=self.bucket, **told)
        except self.errors.ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            raise BucketRefused(f"S3 refused it: {error}", where, code) from error
        except self.errors.BotoCoreError as error:
            raise BucketRefused(f"S3 cannot be asked: {error}", where, type(error).__name__) from error
