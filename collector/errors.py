"""What the collector raises.

CollectorServiceError
├── SettingsError      a setting that cannot be: said once, exit status 2
├── StorageError       the store cannot be opened, read or written
│   ├── StoreInUse     another process has its directory
│   └── StoreFull      its disk has no room: 503 at once, until it has
├── UnreadableRequest  a request that no repeat will make readable: 400
├── RequestTooLarge    over the size limit, as sent or inflated: 413
├── UploadStalled      a body that stopped coming: 408
└── UnsupportedRequest a content type or encoding we do not read: 415
"""


class CollectorServiceError(Exception):
    """Base of everything the collector raises on purpose."""


class SettingsError(CollectorServiceError):
    """A setting is missing or contradicts another; the message says which and how."""


class StorageError(CollectorServiceError):
    """The store cannot be opened, read or written; the message says what to do."""


class StoreInUse(StorageError):
    """Another process, mostly a collector, has the store's directory open."""


class StoreFull(StorageError):
    """The store's disk has no room."""


class UnreadableRequest(CollectorServiceError):
    """The body is not what its headers say; sending it again cannot help."""


class RequestTooLarge(CollectorServiceError):
    """The body is over the limit before or after decompression."""


class UploadStalled(CollectorServiceError):
    """Nothing came of a body for too long."""


class UnsupportedRequest(CollectorServiceError):
    """The content type or content encoding is not one we read."""
