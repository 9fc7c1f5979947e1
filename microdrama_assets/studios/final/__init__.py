"""The final studio: diffusion, neural motion, lips and voices. Its libraries load only where a final shot is made."""
