"""What Qwen's language model is given of words and pictures, without the library for video that its own processor asks
for: an edit shows it no video, and the extras stay free of torchvision."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from microdrama_assets.studios.final.libraries import need

PICTURE, VIDEO = "<|image_pad|>", "<|video_pad|>"


def picture_processor(place: Path) -> Any:
    """The processor that lies in a folder, for words and pictures alone; pictures are scaled by Pillow."""
    transformers = need("transformers")
    pictures = need("transformers.models.qwen2_vl.image_processing_pil_qwen2_vl").Qwen2VLImageProcessorPil
    return assembled(pictures.from_pretrained(place, local_files_only=True),
                     transformers.AutoTokenizer.from_pretrained(place, local_files_only=True))


def assembled(pictures: Any, tokenizer: Any) -> Any:
    """A `Qwen2VLProcessor` of two parts."""
    transformers = need("transformers")

    class Qwen2VLProcessor(transformers.Qwen2VLProcessor):
        def __init__(self, image_processor: Any = None, tokenizer: Any = None, chat_template: Any = None) -> None:
            self.image_token, self.video_token = PICTURE, VIDEO
            self.image_token_id, self.video_token_id = tokenizer.convert_tokens_to_ids([PICTURE, VIDEO])
            transformers.ProcessorMixin.__init__(self, image_processor, tokenizer, chat_template=chat_template)

    Qwen2VLProcessor.__module__ = transformers.Qwen2VLProcessor.__module__  # what a saved pipeline says of it
    return Qwen2VLProcessor(pictures, tokenizer)
