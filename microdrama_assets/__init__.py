"""The asset graph of vertical microdramas: from a screenplay to a playing episode, every artifact a partition."""

VERSION = "0.1.0"
