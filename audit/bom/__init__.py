"""Bills of materials: everything that an episode was made with and from, told once (`parts`) and written in two
standards, CycloneDX (`cyclonedx`) and SPDX (`spdx`)."""
