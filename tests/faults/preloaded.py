"""What the forking server imports once for all renders. No model is loaded and no thread is started."""

import cv2
import onnxruntime
import pyloudnorm
import scipy.signal
import skia

import deployment.opening
import microdrama_assets.steps

__all__ = ["cv2", "deployment", "microdrama_assets", "onnxruntime", "pyloudnorm", "scipy", "skia"]
