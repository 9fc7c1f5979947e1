"""Packaging. Runtime dependencies are pinned: versions of libraries that draw, speak and encode enter every recipe."""

from pathlib import Path

from setuptools import Extension, find_packages, setup

RUNTIME = [
    "c2pa-python==0.38.1",
    "cryptography==50.0.2",
    "cyclonedx-python-lib[json-validation]==11.12.0",
    "dagster-webserver==1.13.27",
    "dagster==1.13.27",
    "imageio-ffmpeg==0.8.1",
    "deflate==0.9.0",
    "jinja2==3.1.6",
    "license-expression==30.4.4",
    "m3u8==6.0.0",
    "numpy==2.4.6",
    "onnxruntime==1.31.1",
    "opencv-python-headless==5.0.0.93",
    "opentimelineio==0.18.1",
    "packageurl-python==0.17.6",
    "pydantic==2.14.3",
    "pyloudnorm==0.2.0",
    "pyyaml==6.0.3",
    "rfc3161-client==1.0.9",
    "rich==15.0.0",
    "scipy==1.17.1",
    "securesystemslib==1.6.0",
    "skia-python==144.1",
    "spdx-python-model==0.0.6",
    "starlette==1.10.0",
    "typer==0.29.2",
    "uvicorn==0.54.0",
    "watchfiles==1.3.0",
]
DATA = ["pyarrow==26.0.1"]
"""Lineage as Parquet tables."""
S3 = ["boto3==1.44.5"]
"""Publishing to a bucket."""
FINAL = [
    "accelerate==1.15.0", "diffusers==0.42.1", "ftfy==6.3.1", "huggingface-hub==2.4.0", "peft==0.21.2",
    "safetensors==0.8.0", "torch==2.13.0", "transformers==5.23.0",
]
"""The final studio: gigabytes, so never part of the default install."""
VOICES = ["coqui-tts==0.28.0"]
"""Final voices. On a GPU it also wants the torchaudio that was built with that torch."""
FINAL_DEV = [*FINAL, *VOICES, "onnx==1.23.2"]
"""What builds the tiny models of the final studio's tests."""
DEV = [
    *DATA, *S3, "openlineage-python==1.54.0", "pandas==3.1.1",
    "fonttools==4.68.0", "fountain-py==0.3.0", "hypothesis==6.170.15",
    "import-linter==2.16", "jsonschema==4.26.0", "moto[s3,server]==5.2.5",
    "pyright==1.1.414", "pytest==9.2.0", "pytest-xdist==3.8.0",
    "ruff==0.17.5", "screenplay-tools==0.0.10",
]

setup(
    name="microdrama",
    version="0.1.0",
    description="Vertical AI microdramas as a Dagster asset graph with lineage and provenance",
    long_description=Path(__file__).with_name("README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    license="Apache-2.0",
    python_requires=">=3.11,<3.13",
    packages=find_packages(include=["microdrama_assets*", "resources*", "partitions*", "audit*", "deployment*"]),
    include_package_data=True,
    ext_modules=[Extension("resources._pixels", ["resources/pixels.c"], extra_compile_args=["-O3", "-Wno-psabi"])],
    install_requires=RUNTIME,
    extras_require={"data": DATA, "s3": S3, "final": FINAL, "voices": VOICES, "final-dev": FINAL_DEV, "dev": DEV},
    entry_points={"console_scripts": ["microdrama=deployment.cli:run"]},
)
