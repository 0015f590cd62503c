"""What the program knows and decides: plain Python, without a screen and without Keras."""
