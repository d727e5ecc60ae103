"""Comparison: the frame, who provides for what and how strongly, targets, and the findings drawn from them."""
