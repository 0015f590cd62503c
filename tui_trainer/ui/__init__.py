"""The Textual app: shows values and sends commands; computes nothing."""
