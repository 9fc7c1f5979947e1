"""The errors that tell a person what to do next: everything else is a defect."""

from microdrama_assets.schemas.errors import MicrodramaError
from partitions.errors import PartitionError
from resources.errors import ResourceError

USER_ERRORS = (MicrodramaError, ResourceError, PartitionError)
