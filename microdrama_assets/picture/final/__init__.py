"""The picture assets in final fidelity: the same partitions, made by diffusion and neural motion instead of drawn.

Poses, depth and the camera come from the draft's rig, set and path, so drafts and finals agree.
"""
